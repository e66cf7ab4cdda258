"""Approving a curriculum: from a day it is what its classes study by; editions and copies are drafted from approved ones."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import FieldError, NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.curricula import repository, service
from sgo_core.curricula.errors import (
    CheckFailedError,
    InForceDateError,
    LaterPlanError,
    NothingToCopyError,
    SuccessorError,
    UnknownYearError,
)
from sgo_core.curricula.events import curriculum_changed
from sgo_core.curricula.lines import put_classes, put_lines
from sgo_core.curricula.model import Curriculum
from sgo_core.curricula.schemas import ApprovalIn, CopyIn, LineIn
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.subjects import service as subjects

_COPIED = ("grade", "title", "kind", "profile", "week_days", "weeks", "period_count")


async def approve(
    uow: UnitOfWork, principal: Principal, curriculum_id: UUID, version: int, body: ApprovalIn
) -> service.Whole:
    """Approve a draft that the check lets through; what its classes studied by before ends on that day."""
    curriculum = await service.locked_draft(uow, principal, curriculum_id, version)
    year = await groups.academic_year(uow, curriculum.academic_year)
    if year is None or not year.starts_on <= body.in_force_from < year.ends_on:
        raise InForceDateError
    found = await service.whole(uow, curriculum)
    report = await service.check(uow, found)
    if report.errors:
        raise CheckFailedError(errors=[FieldError("/body", one.code, one.title) for one in report.errors])
    author = Author(principal.account_id, f"Учебный план утверждён, документ № {body.document_number}")
    ended = await _end_former(uow, found, body, author)
    for one in found.classes:
        change(one, {"valid_from": body.in_force_from}, author, uow.now)
    values = {"state": "approved", "approved_by": principal.account_id, "approved_at": uow.now, **body.model_dump()}
    change(curriculum, values, author, uow.now)
    await uow.session.flush()
    uow.publish(curriculum_changed(curriculum, found.lines, found.classes), version=curriculum.version)
    for former in ended:
        await _tell_ended(uow, former)
    return found


async def _end_former(uow: UnitOfWork, found: service.Whole, body: ApprovalIn, author: Author) -> list[UUID]:
    """End what the classes study by; the classes that the new edition leaves out are left without a plan from that day."""
    day = body.in_force_from
    await groups.lock(uow, [one.group_id for one in found.classes])
    former = list(await repository.in_force_from(uow.session, [one.group_id for one in found.classes], day))
    if found.curriculum.replaces is not None:
        of_replaced = (await repository.classes(uow.session, [found.curriculum.replaces]))[found.curriculum.replaces]
        former += [one for one in of_replaced if one not in former and (one.valid_to is None or one.valid_to > day)]
    if any(one.valid_from is not None and one.valid_from > day for one in former):
        raise LaterPlanError
    for one in former:
        change(one, {"valid_to": day}, author, uow.now)
    await uow.session.flush()
    return sorted({one.curriculum_id for one in former})


async def _tell_ended(uow: UnitOfWork, curriculum_id: UUID) -> None:
    former = await repository.get(uow.session, curriculum_id, lock=True)
    assert former is not None
    former.version += 1
    former.updated_at = uow.now
    await uow.session.flush()
    found = await service.whole(uow, former)
    uow.publish(curriculum_changed(former, found.lines, found.classes), version=former.version)


async def open_edition(uow: UnitOfWork, principal: Principal, curriculum_id: UUID) -> service.Whole:
    """Draft the next edition of an approved curriculum: a copy with its classes, to be changed and approved."""
    source = await repository.get(uow.session, curriculum_id, lock=True)
    if source is None or source.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if source.state != "approved":
        raise SuccessorError
    found = await service.whole(uow, source)
    author = Author(principal.account_id, "Новая редакция учебного плана")
    edition = _copy(uow, source, source.academic_year, author)
    edition.edition, edition.replaces, edition.copied_from = source.edition + 1, source.id, None
    uow.session.add(edition)
    try:
        await uow.session.flush()
    except IntegrityError:  # somebody drafted one meanwhile
        raise SuccessorError from None
    await put_lines(uow, edition, _lines(found), author, await service.first_day(uow, edition.academic_year))
    still = [one.group_id for one in found.classes if one.valid_to is None or one.valid_to > uow.clock.today()]
    await put_classes(uow, edition, still, author)
    return await service.whole(uow, edition)


def _copy(uow: UnitOfWork, source: Curriculum, year: int, author: Author) -> Curriculum:
    return Curriculum(
        id=new_id(),
        organization_id=source.organization_id,
        academic_year=year,
        state="draft",
        edition=1,
        copied_from=source.id,
        version=1,
        **{name: getattr(source, name) for name in _COPIED},
        **signature(author, uow.now),
    )


def _lines(found: service.Whole) -> list[LineIn]:
    return [
        LineIn(
            subject_id=line.subject_id,
            component=line.component,
            level=line.level,
            hours_week=line.hours_week,
            hours_year=line.hours_year,
            period_hours=line.period_hours,
            subgroups=line.subgroups,
        )
        for line in found.lines
    ]


async def copy_year(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: CopyIn
) -> Sequence[service.Whole]:
    """Draft a year's curricula anew for another year, for the classes of the same name and grade.

    Subjects and components that are out of use by then are left out; a curriculum that has a copy there is passed over.
    """
    organization = await organizations.require_visible(uow, principal, organization_id)
    if await groups.academic_year(uow, body.to_year) is None or body.from_year == body.to_year:
        raise UnknownYearError
    sources = await repository.to_copy(uow.session, organization.id, body.from_year, body.to_year, body.curriculum_ids)
    if not sources:
        raise NothingToCopyError
    author = Author(principal.account_id, f"Перенос учебного плана {body.from_year} года")
    starts_on = await service.first_day(uow, body.to_year)
    components = await subjects.terms_in_use(uow, "component", starts_on)
    names = {one.id: one.name for one in await groups.named(uow, organization.id, body.from_year)}
    next_classes = await groups.named(uow, organization.id, body.to_year)
    copies = []
    for source in sources:
        found = await service.whole(uow, source)
        copy = _copy(uow, source, body.to_year, author)
        uow.session.add(copy)
        try:
            await uow.session.flush()
        except IntegrityError:  # somebody copies the year at the same time
            raise NothingToCopyError from None
        known = await subjects.usable_by(uow, organization.id, {line.subject_id for line in found.lines})
        lines = [
            line
            for line in _lines(found)
            if line.component in components and known[line.subject_id].taught_on(starts_on)
        ]
        await put_lines(uow, copy, lines, author, starts_on)
        last = starts_on - timedelta(days=1)
        mine = {names.get(one.group_id) for one in found.classes if one.valid_to is None or one.valid_to > last}
        same = [one.id for one in next_classes if one.name in mine and one.grade == source.grade]
        await put_classes(uow, copy, same, author)
        copies.append(await service.whole(uow, copy))
    return copies
