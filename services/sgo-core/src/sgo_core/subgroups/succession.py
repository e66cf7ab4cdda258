"""Subgroups and groups across classes that go on in another organization, with the students in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, Recorded, signature
from sgo_core.movements.succession import Carried
from sgo_core.naming import free_name
from sgo_core.subgroups import repository
from sgo_core.subgroups.model import Division, TeachingGroup, TeachingGroupStay
from sgo_core.subgroups.staying import enter, tell
from sgo_core.subjects import succession as subjects

_OWN = frozenset({"id", "organization_id", "told_version", *Recorded.__annotations__})
_STAY = ("teaching_group_id", "student_id", "membership_id", "placement_id", "valid_from", "valid_to")
Parts = Mapping[tuple[UUID, UUID], UUID]
"""What a teaching group has become in an organization: by the two, the teaching group there."""


@dataclass(frozen=True)
class Origin:
    """An organization that hands groups over, and where each of its classes goes: organization and class there."""

    organization_id: UUID
    short_name: str
    routes: Mapping[UUID, tuple[UUID, UUID]]


async def take_over(uow: UnitOfWork, origin: Origin, known: Collection[tuple[UUID, UUID]], author: Author) -> Parts:
    """Open what is missing (not ``known``) where the classes go: their divisions, and groups across classes that their students attend."""
    made: dict[tuple[UUID, UUID], TeachingGroup] = {}
    for division, parts in (await _divisions(uow, origin.routes)).items():
        organization_id, group_id = origin.routes[division.group_id]
        if missing := [one for one in parts if (one.id, organization_id) not in known]:
            made |= await _divide(uow, origin, division, missing, organization_id, group_id, author)
    for group, organization_id in await _attended(uow, origin):
        if (group.id, organization_id) not in known:
            name = await _crossing_name(uow, origin, group, organization_id)
            more = {"name": name}
            made[group.id, organization_id] = await _copy(uow, group, organization_id, author, more)
    await tell(uow, made.values(), new={one.id for one in made.values()})
    return {key: one.id for key, one in made.items()}


async def _divisions(uow: UnitOfWork, group_ids: Collection[UUID]) -> Mapping[Division, list[TeachingGroup]]:
    query = (
        select(Division, TeachingGroup)
        .join(TeachingGroup, TeachingGroup.division_id == Division.id)
        .where(Division.group_id.in_(group_ids), Division.active, TeachingGroup.active)
        .order_by(Division.id, TeachingGroup.id)
    )
    found: dict[Division, list[TeachingGroup]] = {}
    for division, part in await uow.session.execute(query):
        found.setdefault(division, []).append(part)
    return found


async def _divide(
    uow: UnitOfWork,
    origin: Origin,
    division: Division,
    parts: Sequence[TeachingGroup],
    organization_id: UUID,
    group_id: UUID,
    author: Author,
) -> dict[tuple[UUID, UUID], TeachingGroup]:
    query = select(func.lower(Division.name)).where(Division.group_id == group_id, Division.active)
    taken = set(await uow.session.scalars(query))
    name = free_name(division.name, origin.short_name, division.id, taken.__contains__)
    assert name is not None
    values = {"name": name, "group_id": group_id}
    if division.subject_id is not None:
        known = await subjects.take_over(uow, [division.subject_id], organization_id, author)
        values["subject_id"] = known[division.subject_id]
    begun = Division(**_like(division, organization_id, author, uow, values))
    uow.session.add(begun)
    await uow.session.flush()
    more = {"division_id": begun.id, "group_id": group_id}
    return {(one.id, organization_id): await _copy(uow, one, organization_id, author, more) for one in parts}


async def _attended(uow: UnitOfWork, origin: Origin) -> Sequence[tuple[TeachingGroup, UUID]]:
    """Groups across classes and the organizations where students of each are going."""
    pairs = await repository.across(uow.session, origin.organization_id, origin.routes, uow.clock.today())
    wanted = {(one, origin.routes[group_id][0]) for one, group_id in pairs}
    groups = {one.id: one for one in await repository.lock_groups(uow.session, {one for one, _ in wanted})}
    return [(groups[one], organization_id) for one, organization_id in sorted(wanted)]


async def _crossing_name(uow: UnitOfWork, origin: Origin, group: TeachingGroup, organization_id: UUID) -> str:
    query = select(func.lower(TeachingGroup.name)).where(
        TeachingGroup.organization_id == organization_id,
        TeachingGroup.academic_year == group.academic_year,
        TeachingGroup.kind == group.kind,
        TeachingGroup.division_id.is_(None),
        TeachingGroup.active,
    )
    taken = set(await uow.session.scalars(query))
    name = free_name(group.name, origin.short_name, group.id, taken.__contains__)
    assert name is not None
    return name


async def _copy(
    uow: UnitOfWork, group: TeachingGroup, organization_id: UUID, author: Author, more: Mapping[str, Any]
) -> TeachingGroup:
    known = await subjects.take_over(uow, group.subject_ids, organization_id, author)
    values = {**more, "subject_ids": [known[one] for one in group.subject_ids]}
    begun = TeachingGroup(told_version=1, **_like(group, organization_id, author, uow, values))
    uow.session.add(begun)
    await uow.session.flush()
    return begun


def _like(
    row: Division | TeachingGroup, organization_id: UUID, author: Author, uow: UnitOfWork, values: Mapping[str, Any]
) -> dict[str, Any]:
    like = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in _OWN}
    new = {"id": new_id(), "organization_id": organization_id, "version": 1}
    return {**like, **values, **new, **signature(author, uow.now)}


async def standing(
    uow: UnitOfWork, organization_id: UUID, students: Collection[UUID], day: date
) -> Sequence[Mapping[str, Any]]:
    """Which teaching groups students are in from a day on, before their stays end; the students' rows are locked."""
    query = select(*(getattr(TeachingGroupStay, name) for name in _STAY)).where(
        TeachingGroupStay.organization_id == organization_id,
        TeachingGroupStay.student_id.in_(students),
        or_(TeachingGroupStay.valid_to.is_(None), TeachingGroupStay.valid_to > day),
    )
    return [dict(zip(_STAY, row, strict=True)) for row in await uow.session.execute(query)]


async def pass_on(
    uow: UnitOfWork, held: Sequence[Mapping[str, Any]], carried: Sequence[Carried], parts: Parts, author: Author
) -> None:
    """Let students who have moved into what their teaching groups have become."""
    stays = {one.membership_id: one for one in carried}
    going = [
        (one, stay, parts[key])
        for one in held
        if (stay := stays.get(one["membership_id"])) is not None
        and one["placement_id"] in {None, stay.placement_id}
        and (key := (one["teaching_group_id"], stay.organization_id)) in parts
    ]
    groups = {one.id: one for one in await repository.lock_groups(uow.session, {to for _, _, to in going})}
    for one, stay, to in going:
        since = max(stay.day, one["valid_from"])
        if one["valid_to"] is None or one["valid_to"] > since:
            rests_on = (stay.to_membership_id, None if one["placement_id"] is None else stay.to_placement_id)
            enter(uow, groups[to], one["student_id"], rests_on, since, one["valid_to"], author)
    await tell(uow, groups.values())


async def end(uow: UnitOfWork, organization_id: UUID, group_ids: Collection[UUID] | None, author: Author) -> None:
    """Put out of use the divisions of classes that have gone; None: and everything else of the organization."""
    divisions = select(Division).where(Division.organization_id == organization_id, Division.active)
    parts = select(TeachingGroup.id).where(TeachingGroup.organization_id == organization_id, TeachingGroup.active)
    if group_ids is not None:
        divisions = divisions.where(Division.group_id.in_(group_ids))
        parts = parts.where(TeachingGroup.group_id.in_(group_ids))
    for division in await uow.session.scalars(
        divisions.order_by(Division.id).with_for_update().execution_options(populate_existing=True)
    ):
        change(division, {"active": False}, author, uow.now)
    ended = await repository.lock_groups(uow.session, (await uow.session.scalars(parts)).all())
    for group in ended:
        change(group, {"active": False}, author, uow.now)
    await tell(uow, ended, new={one.id for one in ended})
