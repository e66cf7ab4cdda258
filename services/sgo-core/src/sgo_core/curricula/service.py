"""Use cases of curricula: drafting, reading, checking."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.curricula import repository
from sgo_core.curricula.checking import Report, check_curriculum
from sgo_core.curricula.errors import (
    NotADraftError,
    NotASchoolError,
    UnknownYearError,
)
from sgo_core.curricula.events import curriculum_changed
from sgo_core.curricula.lines import put_classes, put_lines
from sgo_core.curricula.model import Curriculum, CurriculumClass, CurriculumLine
from sgo_core.curricula.schemas import CurriculumIn, CurriculumPatch
from sgo_core.groups import service as groups
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.reference_books import service as reference_books


@dataclass(frozen=True)
class Whole:
    """A curriculum with its lines and classes."""

    curriculum: Curriculum
    lines: Sequence[CurriculumLine]
    classes: Sequence[CurriculumClass]


async def draft(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: CurriculumIn) -> Whole:
    """Draft a curriculum of the caller's organization."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    if organization.kind != "school":
        raise NotASchoolError
    author = Author(principal.account_id, "Проект учебного плана")
    starts_on = await first_day(uow, body.academic_year)
    curriculum = Curriculum(
        id=new_id(),
        organization_id=organization_id,
        state="draft",
        edition=1,
        version=1,
        **body.model_dump(exclude={"lines", "group_ids"}),
        **signature(author, uow.now),
    )
    await _check_profile(uow, organization_id, curriculum.profile)
    uow.session.add(curriculum)
    await uow.session.flush()
    await put_lines(uow, curriculum, body.lines, author, starts_on)
    await put_classes(uow, curriculum, body.group_ids, author)
    return await whole(uow, curriculum)


async def first_day(uow: UnitOfWork, year: int) -> date:
    """The day an academic year begins: the reference data of that day hold for its curricula."""
    found = await groups.academic_year(uow, year)
    if found is None:
        raise UnknownYearError
    return found.starts_on


async def _check_profile(uow: UnitOfWork, organization_id: UUID, profile: str | None) -> None:
    if profile is not None:
        await reference_books.require_entry(uow, "profiles", organization_id, profile)


async def whole(uow: UnitOfWork, curriculum: Curriculum) -> Whole:
    """A curriculum with its lines and classes."""
    lines = await repository.lines(uow.session, [curriculum.id])
    classes = await repository.classes(uow.session, [curriculum.id])
    return Whole(curriculum, lines[curriculum.id], classes[curriculum.id])


async def require_visible(uow: UnitOfWork, principal: Principal, curriculum_id: UUID) -> Curriculum:
    """A curriculum of an organization the caller sees; raises ``NotFoundError``."""
    curriculum = await repository.get(uow.session, curriculum_id)
    if curriculum is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, curriculum.organization_id)
    return curriculum


async def get_curriculum(uow: UnitOfWork, principal: Principal, curriculum_id: UUID) -> Whole:
    """A curriculum of an organization the caller sees."""
    return await whole(uow, await require_visible(uow, principal, curriculum_id))


async def list_curricula(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    limit: int,
    after: UUID | None,
) -> Sequence[Curriculum]:
    """One page of an organization's curricula, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, filters, limit, after)


async def classes_of(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, Sequence[CurriculumClass]]:
    """Classes of curricula."""
    return await repository.classes(uow.session, ids)


async def of_class(uow: UnitOfWork, principal: Principal, group_id: UUID, day: date) -> Whole:
    """What a class studies by on a day; raises ``NotFoundError``."""
    await groups.get_group(uow, principal, group_id)
    found = await repository.of_classes(uow.session, [group_id], day)
    if group_id not in found:
        raise NotFoundError
    return await whole(uow, found[group_id])


async def in_force(
    uow: UnitOfWork, group_ids: Collection[UUID], day: date
) -> Mapping[UUID, tuple[Curriculum, Sequence[CurriculumLine]]]:
    """Curricula of classes in force on a day with their lines, by class: for the load."""
    found = await repository.of_classes(uow.session, group_ids, day)
    lines = await repository.lines(uow.session, {one.id for one in found.values()})
    return {group_id: (one, lines[one.id]) for group_id, one in found.items()}


async def locked_draft(uow: UnitOfWork, principal: Principal, curriculum_id: UUID, version: int) -> Curriculum:
    """A draft of the caller's organization, locked; raises if it is no draft or of another version."""
    curriculum = await repository.get(uow.session, curriculum_id, lock=True)
    if curriculum is None or curriculum.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if curriculum.version != version:
        raise VersionMismatchError
    if curriculum.state != "draft":
        raise NotADraftError
    return curriculum


async def edit(
    uow: UnitOfWork, principal: Principal, curriculum_id: UUID, version: int, body: CurriculumPatch
) -> Whole:
    """Change a draft; lines and classes, where sent, replace those there were."""
    curriculum = await locked_draft(uow, principal, curriculum_id, version)
    author = Author(principal.account_id, "Изменение проекта учебного плана")
    starts_on = await first_day(uow, curriculum.academic_year)
    values = body.model_dump(exclude_unset=True, exclude={"lines", "group_ids"})
    if "profile" in values:
        await _check_profile(uow, curriculum.organization_id, body.profile)
    if not change(curriculum, values, author, uow.now):  # an edit of the lines alone is one of the plan too
        curriculum.version += 1
        curriculum.updated_at = uow.now
    await uow.session.flush()
    sent = body.model_fields_set
    if "lines" in sent or "period_count" in sent:
        await put_lines(uow, curriculum, body.lines if "lines" in sent else None, author, starts_on)
    if "group_ids" in sent:
        await put_classes(uow, curriculum, body.group_ids, author)
    return await whole(uow, curriculum)


async def withdraw(uow: UnitOfWork, principal: Principal, curriculum_id: UUID, version: int) -> Whole:
    """Give a draft up, for good."""
    curriculum = await locked_draft(uow, principal, curriculum_id, version)
    change(curriculum, {"state": "withdrawn"}, Author(principal.account_id, "Отзыв проекта учебного плана"), uow.now)
    await uow.session.flush()
    return await whole(uow, curriculum)


async def check(uow: UnitOfWork, found: Whole) -> Report:
    """What a curriculum lacks or has too much of."""
    starts_on = await first_day(uow, found.curriculum.academic_year)
    return await check_curriculum(
        uow, found.curriculum, found.lines, has_classes=bool(found.classes), starts_on=starts_on
    )


async def history_of(uow: UnitOfWork, curriculum_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the changes of a curriculum, its lines and classes, and one more."""
    models = [Curriculum, CurriculumLine, CurriculumClass]
    return await history.changes_of(uow, models, curriculum_id, limit, after)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every approved curriculum, for a reader that is rebuilt."""
    async for chunk in chunked(session, repository.approved(), Curriculum.id):
        ids = [one.id for one in chunk]
        lines, classes = await repository.lines(session, ids), await repository.classes(session, ids)
        yield [
            Aggregate(curriculum_changed(one, lines[one.id], classes[one.id]), one.updated_at, one.version)
            for one in chunk
        ]
