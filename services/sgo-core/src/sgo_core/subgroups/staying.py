"""What divisions and groups across classes have in common: stays that begin and end, and telling of the groups."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.subgroups import repository
from sgo_core.subgroups.events import teaching_group_changed
from sgo_core.subgroups.model import TeachingGroup, TeachingGroupStay


def enter(
    uow: UnitOfWork,
    group: TeachingGroup,
    student_id: UUID,
    rests_on: tuple[UUID, UUID | None],
    day: date,
    until: date | None,
    author: Author,
) -> None:
    """Open a stay; ``rests_on`` is the membership and, in a subgroup, the placement, which end it by ``until``."""
    membership_id, placement_id = rests_on
    stay = TeachingGroupStay(
        id=new_id(),
        organization_id=group.organization_id,
        teaching_group_id=group.id,
        division_id=group.division_id,
        student_id=student_id,
        membership_id=membership_id,
        placement_id=placement_id,
        valid_from=day,
        valid_to=until,
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(stay)


def leave(uow: UnitOfWork, stay: TeachingGroupStay, day: date, author: Author) -> None:
    """End a stay on a day; one that would begin later never was."""
    change(stay, {"valid_to": max(stay.valid_from, day)}, author, uow.now)


async def give_back(
    uow: UnitOfWork,
    ended: Mapping[UUID, tuple[date, date | None]],
    placements: Mapping[UUID, UUID],
    author: Author,
) -> None:
    """Let stays go on that ended with one in the class or the organization which was undone.

    ``ended``: when each ended with it and the end it had before; one that was changed since, or whose group is no more, stays as it is.
    ``placements``: by membership the stay in the class that a subgroup rests on now. The groups count a version: a job tells of them.
    """
    stays = await repository.lock_stays(uow.session, ended)
    groups = {
        one.id: one for one in await repository.lock_groups(uow.session, {one.teaching_group_id for one in stays})
    }
    mended = set()
    for stay in stays:
        ended_on, valid_to = ended[stay.id]
        if stay.valid_to == ended_on and groups[stay.teaching_group_id].active:
            placement_id = None if stay.placement_id is None else placements[stay.membership_id]
            change(stay, {"valid_to": valid_to, "placement_id": placement_id}, author, uow.now)
            mended.add(stay.teaching_group_id)
    for group_id in mended:
        groups[group_id].version += 1
        groups[group_id].updated_at = uow.now
    await uow.session.flush()


def stands(stay: TeachingGroupStay, day: date) -> bool:
    """Whether a stay is in force on a day."""
    return stay.valid_from <= day and (stay.valid_to is None or stay.valid_to > day)


def ahead(stay: TeachingGroupStay, day: date) -> bool:
    """Whether a stay is in force on a day or begins after it."""
    return stay.valid_to is None or stay.valid_to > max(day, stay.valid_from)


async def tell(uow: UnitOfWork, groups: Iterable[TeachingGroup], *, new: Collection[UUID] = ()) -> None:
    """Count a version of locked groups and publish them with their stays; of the ``new`` ones the version is new already."""
    groups = sorted(groups, key=lambda one: one.id)
    await uow.session.flush()
    stays: dict[UUID, list[TeachingGroupStay]] = {one.id: [] for one in groups}
    for stay in await repository.stays_in(uow.session, stays):
        stays[stay.teaching_group_id].append(stay)
    for one in groups:
        if one.id not in new:
            one.version += 1
            one.updated_at = uow.now
        one.told_version = one.version
        uow.publish(teaching_group_changed(one, stays[one.id]), version=one.version)
