"""Reading of subgroups and groups across classes, and what others are told of them."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.groups import service as groups
from sgo_core.history import service as history
from sgo_core.organizations import service as organizations
from sgo_core.subgroups import repository
from sgo_core.subgroups.events import teaching_group_changed
from sgo_core.subgroups.model import Division, TeachingGroup, TeachingGroupStay
from sgo_core.subgroups.staying import tell

_TOLD_AT_ONCE = 100


@dataclass
class Divided:
    """A division on a day: its subgroups with their students, and the students of the class who are in none."""

    division: Division
    subgroups: dict[UUID, tuple[TeachingGroup, list[Row[*tuple[Any, ...]]]]] = field(default_factory=dict)
    outside: list[Row[*tuple[Any, ...]]] = field(default_factory=list)


async def divisions(uow: UnitOfWork, principal: Principal, group_id: UUID, day: date, *, past: bool) -> list[Divided]:
    """Divisions of a class on a day; ``past``: those too that are in use no more."""
    await groups.get_group(uow, principal, group_id)
    found: dict[UUID, Divided] = {}
    for division, subgroup in await repository.divisions_of(uow.session, group_id, active=None if past else True):
        divided = found.setdefault(division.id, Divided(division))
        if subgroup is not None:
            divided.subgroups[subgroup.id] = (subgroup, [])
    class_list = await repository.class_list(uow.session, group_id, day)
    ids = [one for divided in found.values() for one in divided.subgroups]
    placed: dict[UUID, set[UUID]] = {one: set() for one in found}
    for member in await repository.members(uow.session, ids, day):
        divided = next(one for one in found.values() if member.teaching_group_id in one.subgroups)
        divided.subgroups[member.teaching_group_id][1].append(member)
        placed[divided.division.id].add(member.student_id)
    for divided in found.values():
        divided.outside = [one for one in class_list if one.student_id not in placed[divided.division.id]]
    return list(found.values())


async def division(uow: UnitOfWork, principal: Principal, found: Division, day: date) -> Divided:
    """One division on a day."""
    await uow.session.flush()
    return next(
        one for one in await divisions(uow, principal, found.group_id, day, past=True) if one.division.id == found.id
    )


async def get_group(uow: UnitOfWork, principal: Principal, teaching_group_id: UUID) -> TeachingGroup:
    """A teaching group of an organization the caller sees; raises ``NotFoundError``."""
    group = await repository.get_group(uow.session, teaching_group_id)
    if group is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, group.organization_id)
    return group


async def members_of(uow: UnitOfWork, teaching_group_id: UUID, day: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who is in a teaching group on a day."""
    return await repository.members(uow.session, [teaching_group_id], day)


async def list_groups(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    *,
    academic_year: int | None,
    kind: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[TeachingGroup]:
    """One page of an organization's subgroups and groups across classes, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(
        uow.session, organization_id, academic_year=academic_year, kind=kind, limit=limit, after=after
    )


async def named(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Teaching groups in use with the class and the division of a subgroup, for tables that name them."""
    return await repository.named(uow.session, organization_id, academic_year)


async def by_ids(uow: UnitOfWork, organization_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, TeachingGroup]:
    """Those of the teaching groups that are the organization's and in use, for loads and timetables."""
    query = select(TeachingGroup).where(
        TeachingGroup.id.in_(ids), TeachingGroup.organization_id == organization_id, TeachingGroup.active
    )
    return {one.id: one for one in await uow.session.scalars(query)}


async def history_of(
    uow: UnitOfWork, teaching_group_id: UUID, limit: int, after: str | None
) -> Sequence[history.Change]:
    """One page of the changes of a teaching group and of the stays in it, and one more."""
    return await history.changes_of(uow, [TeachingGroup, TeachingGroupStay], teaching_group_id, limit, after)


async def tell_ended(runtime: Runtime) -> None:
    """Each minute: tell of groups that students have left with their class or organization."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        async with runtime.uow() as uow:
            found = await repository.untold(uow.session, _TOLD_AT_ONCE)
            await tell(uow, found, new={one.id for one in found})
            told = len(found)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every teaching group, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(TeachingGroup), TeachingGroup.id):
        stays: dict[UUID, list[TeachingGroupStay]] = {one.id: [] for one in chunk}
        for stay in await repository.stays_in(session, stays):
            stays[stay.teaching_group_id].append(stay)
        yield [Aggregate(teaching_group_changed(one, stays[one.id]), one.updated_at, one.version) for one in chunk]
