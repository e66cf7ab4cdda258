"""Use cases of the rosters, for routes and for the journal's other slices."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from orgdirectory import Group, require_visible
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.rosters import repository
from sgo_journal.rosters.repository import RosterLine, Stay

__all__ = ["RosterLine", "Stay"]


async def list_groups(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Group]:
    """Classes and groups of an organization the caller sees."""
    await require_visible(uow, principal, organization_id)
    return await repository.groups(uow.session, organization_id, academic_year, after, limit)


async def visible_group(uow: UnitOfWork, principal: Principal, group_id: UUID) -> Group:
    """The group, or ``NotFoundError`` if it is unknown here or outside the caller's view."""
    group = await uow.session.get(Group, group_id)
    if group is None:
        raise NotFoundError
    await require_visible(uow, principal, group.organization_id)
    return group


async def hold_merges(uow: UnitOfWork) -> None:
    """Let no student be merged into another until the transaction ends."""
    await repository.hold_merges(uow.session)


async def apply_merges(
    uow: UnitOfWork, merges: Sequence[tuple[UUID, UUID | None, str]]
) -> list[tuple[UUID, UUID | None]]:
    """Keep which card is which child's: card, the one it was merged into or none, sequence. Those that were news."""
    rows = [
        {"student_id": student, "merged_into": into, "sequence": sequence} for student, into, sequence in sorted(merges)
    ]
    news = await repository.apply_merges(uow.session, rows)
    for student_id, merged_into in news:
        await repository.move_placements(uow.session, student_id, merged_into)
    return news


async def read_roster(uow: UnitOfWork, principal: Principal, group_id: UUID, day: date) -> list[RosterLine]:
    """Students of a group on a date; the reading is audited."""
    lines = await repository.roster(uow.session, await visible_group(uow, principal, group_id), day)
    await audit.record(uow, principal, "group.roster.read", [line.student_id for line in lines])
    return lines


async def members(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, group_id: UUID, day: date
) -> frozenset[UUID]:
    """Ids of the students who were in the group on the date."""
    return await repository.members(uow.session, organization_id, academic_year, group_id, day)


async def stays(
    uow: UnitOfWork, student_id: UUID, since: date, until: date, organization_id: UUID | None = None
) -> list[Stay]:
    """Where a student was within [since, until), in one organization or in all."""
    return await repository.stays(uow.session, student_id, since, until, organization_id)


async def may_see(uow: UnitOfWork, guardian_id: UUID, student_id: UUID) -> bool:
    """Whether the guardian may see the child's data today."""
    return await repository.is_guardian(uow.session, guardian_id, student_id, uow.clock.today())


async def list_children(
    uow: UnitOfWork, guardian_id: UUID, after: UUID | None, limit: int
) -> list[tuple[UUID, str | None]]:
    """Children the guardian may see today: id and name."""
    return await repository.children(uow.session, guardian_id, uow.clock.today(), after, limit)


async def count_contingent(
    uow: UnitOfWork, principal: Principal, day: date, after: UUID | None, limit: int
) -> list[tuple[UUID, int]]:
    """Students on the date (main placements) per organization the caller sees."""
    return await repository.contingent(uow.session, principal, day, after, limit)
