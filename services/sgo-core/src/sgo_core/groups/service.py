"""Use cases of classes and groups, and what movements ask of them: locked rows and changed occupancy."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
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
    OccupiedGroupError,
    OrganizationClosedError,
    UnknownYearError,
    WrongGroupKindError,
)
from sgo_core.groups.events import group_changed
from sgo_core.groups.model import AcademicYear, StudyGroup
from sgo_core.groups.schemas import GroupPatch, GroupsIn
from sgo_core.organizations import service as organizations

LockedGroup = StudyGroup
"""A group whose row this transaction holds, as ``lock`` gives it to other slices."""

_KIND_IN = {"school": "class", "preschool": "preschool_group"}
_YEARS_SHOWN = 5


async def list_years(uow: UnitOfWork) -> Sequence[AcademicYear]:
    """Academic years around today."""
    this = uow.clock.today().year
    return await repository.years(uow.session, this - _YEARS_SHOWN, this + _YEARS_SHOWN)


async def open_groups(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: GroupsIn
) -> Sequence[StudyGroup]:
    """Open classes or groups for an academic year: all of them or none."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    if not organization.active:
        raise OrganizationClosedError
    if any(group.kind != _KIND_IN.get(organization.kind) for group in body.groups):
        raise WrongGroupKindError
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
            "updated_at": uow.now,
            **group.model_dump(),
        }
        for group in body.groups
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
    limit: int,
    after: UUID | None,
) -> Sequence[StudyGroup]:
    """One page of an organization's groups, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, academic_year, limit, after)


async def get_group(uow: UnitOfWork, principal: Principal, group_id: UUID) -> StudyGroup:
    """A group of an organization the principal sees."""
    group = await repository.get(uow.session, group_id)
    if group is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, group.organization_id)
    return group


async def edit_group(
    uow: UnitOfWork, principal: Principal, group_id: UUID, version: int, body: GroupPatch
) -> StudyGroup:
    """Rename a group, change its capacity, close or reopen it."""
    await get_group(uow, principal, group_id)
    group = (await lock(uow, [group_id]))[group_id]
    if group.version != version:
        raise VersionMismatchError
    changes = {
        name: value for name, value in body.model_dump(exclude_unset=True).items() if getattr(group, name) != value
    }
    if changes.get("capacity", group.capacity) < group.occupied:
        raise CapacityBelowOccupancyError
    if changes.get("active") is False and group.occupied:
        raise OccupiedGroupError
    if changes:
        for name, value in changes.items():
            setattr(group, name, value)
        publish_changed(uow, group)
        try:
            await uow.session.flush()
        except IntegrityError:  # of the constraints, only the name's can be broken here
            raise GroupExistsError from None
    return group


async def lock(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, LockedGroup]:
    """Groups by id with their rows locked until the end of the transaction."""
    return {group.id: group for group in await repository.lock(uow.session, ids)}


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
