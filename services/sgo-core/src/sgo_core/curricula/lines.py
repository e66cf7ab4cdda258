"""Putting lines and classes into a draft: those sent replace those there were."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.curricula import repository
from sgo_core.curricula.errors import ClassesError, LinesError
from sgo_core.curricula.model import Curriculum, CurriculumClass, CurriculumLine
from sgo_core.curricula.schemas import LineIn
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, signature
from sgo_core.subjects import service as subjects

_TWICE = ("curricula.line-twice", "Этот предмет в этом компоненте и на этом уровне уже есть в плане")
_UNKNOWN_SUBJECT = ("curricula.subject-unknown", "Нет такого предмета в справочнике организации")
_UNKNOWN_COMPONENT = ("curricula.component-unknown", "Нет такого компонента учебного плана")
_PERIODS = ("curricula.periods", "Часы указываются для каждого периода плана, и только если план делится на периоды")


async def put_lines(
    uow: UnitOfWork, curriculum: Curriculum, sent: Sequence[LineIn] | None, author: Author, starts_on: date
) -> None:
    """Let a locked draft have these lines and no others; None: those it has, checked anew against its periods."""
    there = {line.key: line for line in await repository.every_line(uow.session, curriculum.id)}
    if sent is None:
        spread = [line for line in there.values() if not line.dropped and line.period_hours is not None]
        if any(len(line.period_hours or ()) != curriculum.period_count for line in spread):
            raise LinesError(errors=[FieldError("/body/period_count", *_PERIODS)])
        return
    await _check(uow, curriculum, sent, starts_on)
    kept: set[tuple[UUID, str, str]] = set()
    for position, line in enumerate(sent):
        values = {
            "position": position,
            "hours_week": line.hours_week,
            "hours_year": line.hours_year,
            "period_hours": None if line.period_hours is None else [f"{one:.1f}" for one in line.period_hours],
            "subgroups": line.subgroups,
            "dropped": False,
        }
        key: tuple[UUID, str, str] = (line.subject_id, line.component, line.level)
        kept.add(key)
        if (known := there.get(key)) is not None:
            change(known, values, author, uow.now)
            continue
        uow.session.add(
            CurriculumLine(
                id=new_id(),
                curriculum_id=curriculum.id,
                subject_id=line.subject_id,
                component=line.component,
                level=line.level,
                version=1,
                **values,
                **signature(author, uow.now),
            )
        )
    for key, gone in there.items():
        if key not in kept:
            change(gone, {"dropped": True}, author, uow.now)
    await uow.session.flush()


async def _check(uow: UnitOfWork, curriculum: Curriculum, sent: Sequence[LineIn], starts_on: date) -> None:
    known = await subjects.usable_by(uow, curriculum.organization_id, {line.subject_id for line in sent})
    components = await subjects.terms_in_use(uow, "component", starts_on)
    errors: list[FieldError] = []
    seen: set[tuple[UUID, str, str]] = set()
    for number, line in enumerate(sent):
        place = f"/body/lines/{number}"
        key = (line.subject_id, line.component, line.level)
        if line.subject_id not in known:
            errors.append(FieldError(f"{place}/subject_id", *_UNKNOWN_SUBJECT))
        elif key in seen:
            errors.append(FieldError(f"{place}/subject_id", *_TWICE))
        if line.component not in components:
            errors.append(FieldError(f"{place}/component", *_UNKNOWN_COMPONENT))
        if line.period_hours is not None and len(line.period_hours) != curriculum.period_count:
            errors.append(FieldError(f"{place}/period_hours", *_PERIODS))
        seen.add(key)
    if errors:
        raise LinesError(errors=errors)


async def put_classes(uow: UnitOfWork, curriculum: Curriculum, ids: Collection[UUID], author: Author) -> None:
    """Let a locked draft be for these classes and no others: of its organization, year and grade."""
    wanted = set(ids)
    fits = {
        one.id
        for one in (await groups.lock(uow, wanted)).values()
        if (one.organization_id, one.academic_year, one.grade)
        == (curriculum.organization_id, curriculum.academic_year, curriculum.grade)
    }
    if fits != wanted or len(wanted) < len(ids):
        raise ClassesError
    there = {one.group_id: one for one in await repository.every_class(uow.session, curriculum.id)}
    for group_id, known in there.items():
        change(known, {"dropped": group_id not in wanted}, author, uow.now)
    uow.session.add_all(
        CurriculumClass(
            id=new_id(),
            organization_id=curriculum.organization_id,
            curriculum_id=curriculum.id,
            group_id=group_id,
            dropped=False,
            version=1,
            **signature(author, uow.now),
        )
        for group_id in sorted(wanted - there.keys())
    )
    await uow.session.flush()
