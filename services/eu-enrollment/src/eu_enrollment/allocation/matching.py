"""Student-proposing deferred acceptance.

Children propose in the order of their choices; an organization keeps the best set it can seat and passes over the rest.
The result is stable (nobody is passed over in favour of a weaker right, no wanted place stays free) and of all stable
results the best for every child, so that stating true wishes is never a disadvantage. An organization with several
pools keeps the strongest set that fits them together (a greedy base of a transversal matroid), which keeps those
properties.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from eu_enrollment.allocation.problem import Applicant, Instance, Key, Result, Seat
from eu_enrollment.allocation.seating import Door, House, Reserves, Seating, empty


def allocate(instance: Instance) -> Result:
    """The applicant-optimal stable result. Each applicant's choices name an organization at most once."""
    # Who gets a place does not depend on the order of proposals, but which of two fitting pools seats a child does.
    applicants = sorted(instance.applicants, key=lambda applicant: applicant.tie)
    seating = empty(instance, applicants)
    proposed = [0] * len(applicants)
    for first in range(len(applicants)):
        asking: int | None = first
        while asking is not None:  # the child, then whom it leaves without a place, and so on
            asking = _ask(asking, applicants[asking], seating.doors[asking], proposed)
    ranks = [0] * len(applicants)
    seats: dict[UUID, Seat] = {}
    for organization_id, house in seating.houses:
        for index, group_id in _groups(instance, organization_id, house):
            ranks[index] = proposed[index]  # what was asked for last came true
            seats[applicants[index].id] = Seat(organization_id, group_id, proposed[index])
    return Result(seats, _passed_over(applicants, seating, ranks))


def passed(instance: Instance, result: Result) -> int:
    """How often a result, of whatever mechanism, passes a child over: a wish that it prefers to what it got, and had a right to."""
    applicants = instance.applicants
    seating = empty(instance, applicants)
    ranks = [result.seats[one.id].rank if one.id in result.seats else 0 for one in applicants]
    for index, (applicant, rank) in enumerate(zip(applicants, ranks, strict=True)):
        door = seating.doors[index][rank - 1] if rank else None
        if door is not None:
            choice = applicant.choices[rank - 1]
            door.house.admit((-choice.priority, -applicant.tie, index), door.pools, choice.reserves)
    found = 0
    for index, (applicant, rank) in enumerate(zip(applicants, ranks, strict=True)):
        wanted_more = applicant.choices[: rank - 1 if rank else None]
        for choice, door in zip(wanted_more, seating.doors[index], strict=False):
            entry = (-choice.priority, -applicant.tie, index)
            found += door is not None and door.house.admits(entry, door.pools, choice.reserves)
    return found


def _ask(index: int, applicant: Applicant, doors: Sequence[Door | None], proposed: list[int]) -> int | None:
    """Let a child ask on until a place is kept for it; the index of whom that leaves without one, if anybody."""
    rank, tie = proposed[index], -applicant.tie
    for choice, door in zip(applicant.choices[rank:], doors[rank:], strict=True):
        rank += 1
        if door is not None:
            left_out = door.house.admit((-choice.priority, tie, index), door.pools, choice.reserves)
            if left_out != index:
                proposed[index] = rank
                return left_out
    proposed[index] = rank
    return None


def _groups(instance: Instance, organization_id: UUID, house: House) -> Iterator[tuple[int, UUID]]:
    """Index and group of each child. Groups within a pool are filled evenly: each next child goes where most places are free."""
    for pool, entries in house.placed():
        free = dict(instance.pools[organization_id][pool].groups)
        for _, _, index in sorted(entries, reverse=True):
            group = max(free, key=free.__getitem__) if len(free) > 1 else next(iter(free))
            free[group] -= 1
            yield index, group


def _passed_over(
    applicants: Sequence[Applicant], seating: Seating, ranks: Sequence[int]
) -> dict[UUID, tuple[tuple[UUID, Key | None], ...]]:
    known: dict[tuple[Door, Reserves], Key | None] = {}

    def cutoff(door: Door | None, reserves: Reserves) -> Key | None:
        if door is None:
            return None
        if (door, reserves) not in known:
            known[door, reserves] = door.house.cutoff(door.pools, reserves)
        return known[door, reserves]

    return {
        applicant.id: tuple(
            (choice.organization_id, cutoff(door, choice.reserves))
            for choice, door in zip(applicant.choices[: rank - 1 if rank else None], doors, strict=False)
        )
        for applicant, doors, rank in zip(applicants, seating.doors, ranks, strict=True)
    }
