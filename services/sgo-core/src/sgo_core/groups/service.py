"""Use cases of classes and groups, and what movements ask of them: locked rows and changed occupancy."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.groups import repository
from sgo_core.groups.errors import (
    CapacityBelowOccupancyError,
    GroupExistsError,
    GroupFieldsError,
    OccupiedGroupError,
    OrganizationClosedError,
    UnknownProgrammeError,
    UnknownYearError,
    WrongGroupKindError,
)
from sgo_core.groups.events import group_changed
from sgo_core.groups.model import AcademicYear, StudyGroup
from sgo_core.groups.naming import LETTER_LENGTH, letter_of, renamed
from sgo_core.groups.schemas import GroupPatch, GroupsIn
from sgo_core.groups.usual import columns_of
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, sign, signature
from sgo_core.organizations import service as organizations
from sgo_core.programmes import service as programmes
from sgo_core.rooms import service as rooms

LockedGroup = StudyGroup
"""A group whose row this transaction holds, as ``lock`` gives it to other slices."""

_KINDS_IN = {
    "school": frozenset({"class", "preschool_group", "additional_group"}),
    "preschool": frozenset({"preschool_group", "additional_group"}),
    "additional": frozenset({"additional_group"}),
}
_OF_KIND = {
    "class": frozenset({"letter", "class_type", "plan_type", "profile", "combined_set"}),
    "preschool_group": frozenset({"age_from", "age_to", "orientation", "disorder", "stay_mode"}),
    "additional_group": frozenset[str](),
}
"""Fields that only groups of one kind have."""
_YEARS_SHOWN = 5


async def list_years(uow: UnitOfWork) -> Sequence[AcademicYear]:
    """Academic years around today."""
    this = uow.clock.today().year
    return await repository.years(uow.session, this - _YEARS_SHOWN, this + _YEARS_SHOWN)


async def years_of(session: AsyncSession, numbers: Collection[int]) -> Sequence[AcademicYear]:
    """Academic years by number, those there are."""
    return await repository.years_by_number(session, numbers)


async def academic_year(uow: UnitOfWork, number: int) -> AcademicYear | None:
    """An academic year of the region."""
    return await repository.year(uow.session, number)


async def open_groups(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: GroupsIn
) -> Sequence[StudyGroup]:
    """Open classes or groups for an academic year: all of them or none."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    if not organization.active:
        raise OrganizationClosedError
    if any(group.kind not in _KINDS_IN[organization.kind] for group in body.groups):
        raise WrongGroupKindError
    wanted = {group.programme_id for group in body.groups if group.programme_id is not None}
    if wanted - await programmes.open_ids(uow, organization_id, wanted):
        raise UnknownProgrammeError
    await rooms.require_rooms(uow, organization_id, {one.room_id for one in body.groups if one.room_id is not None})
    year = await repository.year(uow.session, body.academic_year)
    if year is None:
        raise UnknownYearError
    rows = [
        {
            "id": new_id(),
            "organization_id": organization_id,
            "academic_year": year.year,
            "starts_on": year.starts_on,
            "ends_on": year.ends_on,
            **signature(Author(principal.account_id, "Открытие класса (группы)"), uow.now),
            **columns,
        }
        for columns in await columns_of(uow, organization_id, year.starts_on, body.groups)
    ]
    opened = {group.id: group for group in await repository.insert_new(uow.session, rows)}
    if len(opened) < len(rows):
        raise GroupExistsError
    for group in opened.values():
        uow.publish(group_changed(group), version=group.version)
    return [opened[row["id"]] for row in rows]


async def list_groups(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    kind: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[StudyGroup]:
    """One page of an organization's groups, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, academic_year, kind, limit, after)


async def by_ids(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, StudyGroup]:
    """Groups by id, those that exist."""
    return {group.id: group for group in await repository.by_ids(uow.session, ids)}


async def get_group(uow: UnitOfWork, principal: Principal, group_id: UUID) -> StudyGroup:
    """A group of an organization the principal sees."""
    group = await repository.get(uow.session, group_id)
    if group is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, group.organization_id)
    return group


async def group_as_of(uow: UnitOfWork, group_id: UUID, instant: datetime) -> StudyGroup:
    """The group as it was known at an instant; raises ``NotFoundError`` if there was none yet."""
    found = await history.rows_as_of(uow, StudyGroup, [group_id], instant)
    if not found:
        raise NotFoundError
    return found[0]


async def known_at(uow: UnitOfWork, ids: Collection[UUID], instant: datetime) -> Mapping[UUID, StudyGroup]:
    """Groups by id as they were known at an instant, those that existed."""
    return {group.id: group for group in await history.rows_as_of(uow, StudyGroup, ids, instant)}


async def history_of(uow: UnitOfWork, group_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the changes of a group, and one more."""
    return await history.changes_of(uow, [StudyGroup], group_id, limit, after)


async def edit_group(
    uow: UnitOfWork, principal: Principal, group_id: UUID, version: int, body: GroupPatch
) -> StudyGroup:
    """Change a group, close or reopen it."""
    await get_group(uow, principal, group_id)
    group = (await lock(uow, [group_id]))[group_id]
    if group.version != version:
        raise VersionMismatchError
    changes = _changes(group, body.model_dump(exclude_unset=True, exclude={"reason"}))
    if changes.get("capacity", group.capacity) < group.occupied:
        raise CapacityBelowOccupancyError
    if changes.get("active") is False and group.occupied:
        raise OccupiedGroupError
    if changes.get("room_id") is not None:
        await rooms.require_rooms(uow, group.organization_id, {changes["room_id"]})
    if changes:
        for name, value in changes.items():
            setattr(group, name, value)
        sign(group, Author(principal.account_id, body.reason), uow.now)
        uow.publish(group_changed(group), version=group.version)
        try:
            await uow.session.flush()
        except IntegrityError:  # of the constraints, only the name's can be broken here
            raise GroupExistsError from None
    return group


def _changes(group: StudyGroup, sent: dict[str, Any]) -> dict[str, Any]:
    """Columns to set for what was sent; raises ``GroupFieldsError`` where it does not fit the group."""
    others = frozenset[str]().union(*(names for kind, names in _OF_KIND.items() if kind != group.kind))
    if sent.keys() & others:
        raise GroupFieldsError
    if group.grade is not None:
        assert group.letter is not None
        if "letter" in sent and "name" not in sent:
            sent["name"] = renamed(group.grade, group.name, group.letter, sent["letter"])
        elif "name" in sent and "letter" not in sent:
            sent["letter"] = letter_of(group.grade, sent["name"])
            if len(sent["letter"]) > LETTER_LENGTH:
                raise GroupFieldsError
    stands = {name: sent.get(name, getattr(group, name)) for name in ("age_from", "age_to", "orientation", "disorder")}
    if stands["age_from"] is not None and stands["age_from"] > stands["age_to"]:
        raise GroupFieldsError
    if stands["orientation"] not in {"compensating", "combined"} and stands["disorder"] is not None:
        if "disorder" in sent:
            raise GroupFieldsError
        sent["disorder"] = None
    return {name: value for name, value in sent.items() if getattr(group, name) != value}


async def lock(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, LockedGroup]:
    """Groups by id with their rows locked until the end of the transaction."""
    return {group.id: group for group in await repository.lock(uow.session, ids)}


async def names_of(uow: UnitOfWork, group_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Names of groups by id."""
    query = select(StudyGroup.id, StudyGroup.name).where(StudyGroup.id.in_(group_ids))
    return {row[0]: row[1] for row in await uow.session.execute(query)}


async def of_organization(session: AsyncSession, organization_id: UUID) -> AsyncIterator[Sequence[StudyGroup]]:
    """Groups of an organization of all years, part by part."""
    async for chunk in chunked(
        session, select(StudyGroup).where(StudyGroup.organization_id == organization_id), StudyGroup.id
    ):
        yield chunk


async def named(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> Sequence[StudyGroup]:
    """Groups of an organization in a year that a class list may name."""
    return await repository.of_organization(uow.session, organization_id, academic_year)


def publish_changed(uow: UnitOfWork, group: LockedGroup, traceparent: str | None = None) -> None:
    """Count a new version of a locked group and tell its readers; once a transaction, after its last change."""
    group.version += 1
    group.updated_at = uow.now
    uow.publish(group_changed(group), version=group.version, traceparent=traceparent)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every group, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(StudyGroup), StudyGroup.id):
        yield [Aggregate(group_changed(one), one.updated_at, one.version) for one in chunk]


async def described(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, tuple[int, int | None]]:
    """Academic year and grade of groups."""
    query = select(StudyGroup.id, StudyGroup.academic_year, StudyGroup.grade).where(StudyGroup.id.in_(ids))
    return {group_id: (year, grade) for group_id, year, grade in await session.execute(query)}
