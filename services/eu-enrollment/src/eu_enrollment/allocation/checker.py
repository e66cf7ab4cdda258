"""The proof of an allocation, written apart from the algorithm that made it. Only a proven result is stored.

For every organization the children it seats must be exactly those that it would pick, strongest first, among its own
and everybody who wanted it more than what they got. That is: no place is taken past capacity or age, nobody is passed
over in favour of a weaker right, and no wanted place stays free. Seating is checked place by place (Kuhn's augmenting
paths).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Pool, Result


def violations(instance: Instance, result: Result) -> list[str]:
    """What is wrong with a result; empty when it is proven. Texts name ids only."""
    found = list(_impossible_seats(instance, result))
    if found:
        return found
    wanting: dict[UUID, list[tuple[Applicant, Choice]]] = defaultdict(list)
    seated: dict[UUID, set[UUID]] = defaultdict(set)
    for applicant in instance.applicants:
        seat = result.seats.get(applicant.id)
        if seat is not None:
            seated[seat.organization_id].add(applicant.id)
        for choice in applicant.choices if seat is None else applicant.choices[: seat.rank]:
            wanting[choice.organization_id].append((applicant, choice))
    for organization, pools in instance.pools.items():
        due = _due(pools, wanting[organization])
        found.extend(f"passed over: {applicant} at {organization}" for applicant in due - seated[organization])
        found.extend(f"not due: {applicant} at {organization}" for applicant in seated[organization] - due)
    return found


def _impossible_seats(instance: Instance, result: Result) -> Iterator[str]:
    applicants = {applicant.id: applicant for applicant in instance.applicants}
    places = {
        group: (organization, index, free)
        for organization, pools in instance.pools.items()
        for index, pool in enumerate(pools)
        for group, free in pool.groups
    }
    for applicant_id, seat in result.seats.items():
        applicant = applicants.get(applicant_id)
        if applicant is None or not 1 <= seat.rank <= len(applicant.choices):
            yield f"nobody asked: {applicant_id}"
            continue
        choice = applicant.choices[seat.rank - 1]
        organization, pool, _ = places.get(seat.group_id, (None, -1, 0))
        if not organization == seat.organization_id == choice.organization_id:
            yield f"not wanted: {applicant_id} at {seat.organization_id}"
        elif pool not in choice.pools:
            yield f"not of age: {applicant_id} in {seat.group_id}"
    for group, taken in Counter(seat.group_id for seat in result.seats.values()).items():
        if group in places and taken > places[group][2]:
            yield f"overfull: {group}"


def _due(pools: tuple[Pool, ...], wanting: list[tuple[Applicant, Choice]]) -> set[UUID]:
    """Who an organization would seat, taking the strongest first."""
    places = [index for index, pool in enumerate(pools) for _ in range(pool.places)]
    of_pool: dict[int, list[int]] = defaultdict(list)
    for place, pool in enumerate(places):
        of_pool[pool].append(place)
    holder: dict[int, tuple[UUID, tuple[int, ...]]] = {}
    full: set[tuple[int, ...]] = set()
    for applicant, choice in sorted(wanting, key=lambda pair: (pair[1].priority, pair[0].tie)):
        if choice.pools not in full and not _seat((applicant.id, choice.pools), of_pool, holder):
            full.add(choice.pools)
    return {applicant for applicant, _ in holder.values()}


def _seat(
    who: tuple[UUID, tuple[int, ...]], of_pool: dict[int, list[int]], holder: dict[int, tuple[UUID, tuple[int, ...]]]
) -> bool:
    """Give a place, moving those seated before as needed; ``False`` when there is no way to."""
    came_from: dict[int, int | None] = {}
    open_: list[tuple[int | None, tuple[int, ...]]] = [(None, who[1])]
    while open_:
        origin, pools = open_.pop()
        for place in (place for pool in pools for place in of_pool[pool] if place not in came_from):
            came_from[place] = origin
            if place not in holder:
                return _shift(who, place, came_from, holder)
            open_.append((place, holder[place][1]))
    return False


def _shift(
    who: tuple[UUID, tuple[int, ...]],
    place: int,
    came_from: dict[int, int | None],
    holder: dict[int, tuple[UUID, tuple[int, ...]]],
) -> bool:
    while (origin := came_from[place]) is not None:
        holder[place] = holder[origin]
        place = origin
    holder[place] = who
    return True
