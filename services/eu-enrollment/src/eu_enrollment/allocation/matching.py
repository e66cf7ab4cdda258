"""Student-proposing deferred acceptance.

Children propose in the order of their choices; an organization keeps the best set it can seat and passes over the rest.
The result is stable (nobody is passed over in favour of a weaker right, no wanted place stays free) and of all stable
results the best for every child, so that stating true wishes is never a disadvantage. An organization with several
pools keeps the strongest set that fits them together (a greedy base of a transversal matroid), which keeps those
properties.
"""

from collections.abc import Sequence
from uuid import UUID

from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Key, Result, Seat
from eu_enrollment.allocation.seating import Houses, Pools, Reserves, houses


def allocate(instance: Instance) -> Result:
    """The applicant-optimal stable result. Each applicant's choices name an organization at most once."""
    # Who gets a place does not depend on the order of proposals, but which of two fitting pools seats a child does.
    applicants = sorted(instance.applicants, key=lambda applicant: applicant.tie)
    seating = houses(instance)
    proposed = [0] * len(applicants)
    for first in range(len(applicants)):
        asking: int | None = first
        while asking is not None:  # the child, then whom it leaves without a place, and so on
            asking = _ask(asking, applicants[asking], proposed, seating)
    ranks = [0] * len(applicants)
    seats = _seats(instance, applicants, seating, proposed, ranks)
    return Result(seats, _passed_over(applicants, seating, ranks))


def passed(instance: Instance, result: Result) -> int:
    """How often a result, of whatever mechanism, passes a child over: a wish that it prefers to what it got, and had a right to."""
    seating = houses(instance)
    for index, applicant in enumerate(instance.applicants):
        seat = result.seats.get(applicant.id)
        if seat is not None:
            choice = applicant.choices[seat.rank - 1]
            house = seating[choice.organization_id][choice.pools]
            house.admit((-choice.priority, -applicant.tie, index), choice.pools, choice.reserves)
    found = 0
    for index, applicant in enumerate(instance.applicants):
        seat = result.seats.get(applicant.id)
        for choice in applicant.choices[: None if seat is None else seat.rank - 1]:
            entry = (-choice.priority, -applicant.tie, index)
            found += bool(choice.pools) and seating[choice.organization_id][choice.pools].admits(
                entry, choice.pools, choice.reserves
            )
    return found


def _ask(index: int, applicant: Applicant, proposed: list[int], seating: Houses) -> int | None:
    """Let a child ask on until a place is kept for it; the index of whom that leaves without one, if anybody."""
    while proposed[index] < len(applicant.choices):
        choice = applicant.choices[proposed[index]]
        proposed[index] += 1
        if choice.pools:
            house = seating[choice.organization_id][choice.pools]
            left_out = house.admit((-choice.priority, -applicant.tie, index), choice.pools, choice.reserves)
            if left_out != index:
                return left_out
    return None


def _seats(
    instance: Instance,
    applicants: Sequence[Applicant],
    seating: Houses,
    proposed: Sequence[int],
    ranks: list[int],
) -> dict[UUID, Seat]:
    """Seats by applicant; notes the rank of each. Groups within a pool are filled evenly: each next child goes where most places are."""
    seats: dict[UUID, Seat] = {}
    for id_, kinds in seating.items():
        for house in dict.fromkeys(kinds.values()):
            for pool, entries in house.placed():
                free = dict(instance.pools[id_][pool].groups)
                for _, _, index in sorted(entries, reverse=True):
                    group = max(free, key=free.__getitem__) if len(free) > 1 else next(iter(free))
                    free[group] -= 1
                    ranks[index] = proposed[index]  # what was asked for last came true
                    seats[applicants[index].id] = Seat(id_, group, proposed[index])
    return seats


def _passed_over(
    applicants: Sequence[Applicant], seating: Houses, ranks: Sequence[int]
) -> dict[UUID, tuple[tuple[UUID, Key | None], ...]]:
    known: dict[tuple[UUID, Pools, Reserves], Key | None] = {}

    def cutoff(choice: Choice) -> Key | None:
        place = (choice.organization_id, choice.pools, choice.reserves)
        if place not in known:
            known[place] = seating[choice.organization_id][choice.pools].cutoff(choice.pools, choice.reserves)
        return known[place]

    return {
        applicant.id: tuple(
            (choice.organization_id, cutoff(choice) if choice.pools else None)
            for choice in applicant.choices[: rank - 1 if rank else None]
        )
        for applicant, rank in zip(applicants, ranks, strict=True)
    }
