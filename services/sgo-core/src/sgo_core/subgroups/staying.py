"""What divisions and groups across classes have in common: stays that begin and end, and telling of the groups."""

from collections.abc import Collection, Iterable
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
