"""Student-proposing deferred acceptance.

Children propose in the order of their choices; an organization keeps the best set it can seat and passes over the rest.
The result is stable (nobody is passed over in favour of a weaker right, no wanted place stays free) and of all stable
results the best for every child, so that stating true wishes is never a disadvantage. An organization with several
pools keeps the strongest set that fits them together (a greedy base of a transversal matroid), which keeps those
properties.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Cutoff, Instance, Key, Passed, Result, Seat
from eu_enrollment.allocation.seating import Door, House, Reserves, ReservingPools, Seating, empty


def allocate(instance: Instance, fixed: Mapping[UUID, int] = MappingProxyType({})) -> Result:
    """The applicant-optimal stable result. Each applicant's choices name an organization at most once.

    ``fixed``: applicants who ask for one of their choices alone (its rank), or for none (0).
    """
    # Who gets a place does not depend on the order of proposals, but which of two fitting pools seats a child does.
    applicants = sorted(instance.applicants, key=lambda applicant: applicant.tie)
    seating = empty(instance, applicants)
    asked = [len(applicant.choices) for applicant in applicants]
    proposed = [0] * len(applicants)
    for index, applicant in enumerate(applicants if fixed else ()):
        if applicant.id in fixed:
            asked[index] = fixed[applicant.id]
            proposed[index] = max(0, fixed[applicant.id] - 1)
    for first in range(len(applicants)):
        asking: int | None = first
        while asking is not None:  # the child, then whom it leaves without a place, and so on
            asking = _ask(asking, applicants[asking], seating.doors[asking], proposed, asked[asking])
    ranks = [0] * len(applicants)
    seats: dict[UUID, Seat] = {}
    for organization_id, house in seating.houses:
        for group_id, indexes in _groups(instance, organization_id, house, applicants):
            of_rank: dict[int, Seat] = {}  # one value for all who got it by the same wish
            for index in indexes:
                ranks[index] = rank = proposed[index]  # what was asked for last came true
                seats[applicants[index].id] = of_rank.get(rank) or of_rank.setdefault(
                    rank, Seat(organization_id, group_id, rank)
                )
    return Result(seats, _passed_over(instance, applicants, seating, ranks))


def passed(instance: Instance, result: Result) -> int:
    """How often a result, of whatever mechanism, passes a child over: a wish that it prefers to what it got, and had a right to.

    Children who ask with their families are left out.
    """
    applicants = instance.applicants
    seating = empty(instance, applicants)
    ranks = [result.seats[one.id].rank if one.id in result.seats else 0 for one in applicants]
    for index, (applicant, rank) in enumerate(zip(applicants, ranks, strict=True)):
        door = seating.doors[index][rank - 1] if rank else None
        if door is not None:
            choice = applicant.choices[rank - 1]
            door.house.admit((-choice.priority, -applicant.tie, index), door.pools, choice.reserves)
    found = 0
    of_families = {member for family in instance.families for member in family.members}
    for index, (applicant, rank) in enumerate(zip(applicants, ranks, strict=True)):
        if applicant.id in of_families:
            continue
        wanted_more = applicant.choices[: rank - 1 if rank else None]
        for choice, door in zip(wanted_more, seating.doors[index], strict=False):
            entry = (-choice.priority, -applicant.tie, index)
            found += door is not None and door.house.admits(entry, door.pools, choice.reserves)
    return found


def _ask(index: int, applicant: Applicant, doors: Sequence[Door | None], proposed: list[int], last: int) -> int | None:
    """Let a child ask on until a place is kept for it, or its ``last`` wish is past; the index of whom it leaves without, if anybody."""
    tie = -applicant.tie
    for rank in range(proposed[index], last):
        door = doors[rank]
        if door is not None:
            choice = applicant.choices[rank]
            left_out = door.house.admit((-choice.priority, tie, index), door.pools, choice.reserves)
            if left_out != index:
                proposed[index] = rank + 1
                return left_out
    proposed[index] = last
    return None


def _groups(
    instance: Instance, organization_id: UUID, house: House, applicants: Sequence[Applicant]
) -> Iterator[tuple[UUID, Sequence[int]]]:
    """Each group with the indexes of its children. Who holds a place stays in its group.

    The others, who come after (``HELD`` is the strongest right), fill the groups of a pool evenly: each goes where most is free.
    """
    for pool, entries in house.settled():
        free = dict(instance.pools[organization_id][pool].groups)
        if len(free) == 1:
            yield next(iter(free)), [entry[2] for entry in entries]
            continue
        sitting: dict[UUID, list[int]] = {group: [] for group in free}
        for strength, _, index in sorted(entries, reverse=True):
            holds = applicants[index].holds if strength == -HELD else None
            group = holds or max(free, key=free.__getitem__)
            free[group] -= 1
            sitting[group].append(index)
        yield from sitting.items()


def _passed_over(
    instance: Instance, applicants: Sequence[Applicant], seating: Seating, ranks: Sequence[int]
) -> dict[UUID, tuple[Passed, ...]]:
    known: dict[tuple[Door, Reserves], Passed] = {}

    def passed_at(choice: Choice, door: Door | None) -> Passed:
        if door is None:
            return Passed(choice.organization_id, None)
        found = known.get((door, choice.reserves))
        if found is None:
            found = known[door, choice.reserves] = _cutoffs(instance, choice, door.house)
        return found

    return {
        applicant.id: tuple(map(passed_at, applicant.choices[: rank - 1 if rank else None], doors)) if rank != 1 else ()
        for applicant, doors, rank in zip(applicants, seating.doors, ranks, strict=True)
    }


def _cutoffs(instance: Instance, choice: Choice, house: House) -> Passed:
    """Who got in last where a child is passed over, block by block if any of the places is reserved."""
    last = _came_in(house.cutoff(choice.pools, choice.reserves))
    if not isinstance(house, ReservingPools):
        return Passed(choice.organization_id, last)
    pools = [instance.pools[choice.organization_id][index] for index in choice.pools]
    places: Counter[str | None] = Counter()
    for pool in pools:
        places.update(dict(pool.reserved))
    if not places.total():
        return Passed(choice.organization_id, last)
    places[None] = sum(pool.places for pool in pools) - places.total()
    own = house.cutoffs(choice.pools, choice.reserves)
    blocks = (Cutoff(kind, count, kind not in own, _came_in(own.get(kind))) for kind, count in places.items())
    return Passed(choice.organization_id, last, tuple(one for one in blocks if one.places or one.last is not None))


def _came_in(key: Key | None) -> Key | None:
    """A key, unless it is that of who held its place before."""
    return None if key is None or key[0] == HELD else key
