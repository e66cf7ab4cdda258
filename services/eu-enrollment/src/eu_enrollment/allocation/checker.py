"""The proof of an allocation, written apart from the algorithm that made it. Only a proven result is stored.

For every organization the children it seats must be exactly those that it would pick, strongest first, among its own
and everybody who wanted it more than what they got: reserved places with those of their kind, the rest with all. That is:
no place is taken past capacity, or by a child that it is not for, nobody is passed over in favour of a weaker right, and no
wanted place stays free. Nobody loses a place it holds, alone or with its family.
Seating is checked place by place (Kuhn's augmenting paths).

A family must have one of its joint options, and none that it wanted more may be one whose places the organizations would give it as a
whole, those who sit there standing against it: except the families the result itself names as blocking it, and just these.

Children and organizations are told by their ids' numbers (``UUID.int``): a UUID hashes and compares in Python, a number in C.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Instance, Pool, Precedence, Result, Seat

_Wish = tuple[Applicant, Choice]
_Sitter = tuple[int, tuple[int, ...]]
"""A child and the pools it could sit in."""


def violations(instance: Instance, result: Result) -> list[str]:
    """What is wrong with a result; empty when it is proven. Texts name ids only."""
    found = list(_impossible_seats(instance, result))
    if found:
        return found
    families = {member.int for family in instance.families for member in family.members}
    seats = {id_.int: seat for id_, seat in result.seats.items()}
    wanting: dict[int, list[_Wish]] = defaultdict(list)
    seated: dict[int, set[int]] = defaultdict(set)
    for applicant in instance.applicants:
        number = applicant.id.int
        seat = seats.get(number)
        if seat is not None:
            seated[seat.organization_id.int].add(number)
        elif any(choice.priority == HELD for choice in applicant.choices):
            found.append(f"lost its place: {applicant.id}")
        for choice in _asked(applicant, seat, alone=number not in families):
            wanting[choice.organization_id.int].append((applicant, choice))
    for organization, pools in instance.pools.items():
        due = _due(pools, wanting[organization.int], instance.precedence)
        sitting = seated[organization.int]
        found.extend(f"passed over: {UUID(int=one)} at {organization}" for one in due - sitting)
        found.extend(f"not due: {UUID(int=one)} at {organization}" for one in sitting - due)
    return found + list(_families(instance, result))


def _asked(applicant: Applicant, seat: Seat | None, *, alone: bool) -> tuple[Choice, ...]:
    """Wishes up to the one that came true; of a child that asks with its family that one alone."""
    if seat is None:
        return applicant.choices if alone else ()
    return applicant.choices[0 if alone else seat.rank - 1 : seat.rank]


def _impossible_seats(instance: Instance, result: Result) -> Iterator[str]:
    applicants = {applicant.id.int: applicant for applicant in instance.applicants}
    places = {
        group.int: (organization.int, index, free)
        for organization, pools in instance.pools.items()
        for index, pool in enumerate(pools)
        for group, free in pool.groups
    }
    taken: dict[int, int] = defaultdict(int)
    for applicant_id, seat in result.seats.items():
        group = seat.group_id.int
        taken[group] += 1
        applicant = applicants.get(applicant_id.int)
        if applicant is None or not 1 <= seat.rank <= len(applicant.choices):
            yield f"nobody asked: {applicant_id}"
            continue
        choice = applicant.choices[seat.rank - 1]
        organization, pool, _ = places.get(group, (None, -1, 0))
        if not organization == seat.organization_id.int == choice.organization_id.int:
            yield f"not wanted: {applicant_id} at {seat.organization_id}"
        elif choice.priority == HELD and applicant.holds not in {None, seat.group_id}:
            yield f"moved without asking: {applicant_id} to {seat.group_id}"
        elif pool not in choice.pools:
            yield f"does not fit: {applicant_id} in {seat.group_id}"
    for group, count in taken.items():
        if group in places and count > places[group][2]:
            yield f"overfull: {UUID(int=group)}"


def _due(pools: tuple[Pool, ...], wanting: list[_Wish], precedence: Precedence) -> set[int]:
    """Who an organization would seat: those chosen for its blocks of places, one after another, and the strongest of the others.

    Whom a block chooses sits on its places, the others on whatever is left.
    """
    waiting = sorted(wanting, key=lambda wish: (wish[1].priority, wish[0].tie))
    blocks = list(_blocks(pools, precedence))
    if len(blocks) == 1:
        return _block(blocks[0][1], waiting)
    chosen: list[_Wish] = []
    for number, (kind, places) in enumerate(blocks if precedence is Precedence.OPEN_FIRST else blocks[:-1]):
        taken = _block(places, [wish for wish in waiting if kind is None or kind in wish[1].reserves])
        chosen += [_on(wish, [number], len(pools)) for wish in waiting if wish[0].id.int in taken]
        waiting = [wish for wish in waiting if wish[0].id.int not in taken]
    others = [_on(wish, range(len(blocks)), len(pools)) for wish in waiting]
    return _block([count for _, places in blocks for count in places], [*chosen, *others])


def _blocks(pools: tuple[Pool, ...], precedence: Precedence) -> Iterator[tuple[str | None, list[int]]]:
    """Whom a block of places is for (``None``: anybody), and its places by pool, in the order of precedence; every place is in one."""
    reserved = [dict(pool.reserved) for pool in pools]
    open_ = [pool.places - sum(counts.values()) for pool, counts in zip(pools, reserved, strict=True)]
    if precedence is Precedence.OPEN_FIRST:
        yield None, open_
    for kind in dict.fromkeys(kind for counts in reserved for kind in counts):
        yield kind, [counts.get(kind, 0) for counts in reserved]
    if precedence is Precedence.RESERVED_FIRST:
        yield None, open_


def _on(wish: _Wish, blocks: Iterable[int], pools: int) -> _Wish:
    """A wish for places of some blocks alone: places are numbered block by block."""
    applicant, choice = wish
    return applicant, replace(choice, pools=tuple(block * pools + pool for block in blocks for pool in choice.pools))


def _block(places: list[int], wanting: list[_Wish]) -> set[int]:
    """Whom a block of places seats, the first first."""
    shared = {pool for _, choice in wanting if len(choice.pools) > 1 for pool in choice.pools}
    free = list(places)
    seated: set[int] = set()
    for applicant, choice in wanting:
        if len(choice.pools) == 1 and choice.pools[0] not in shared and free[choice.pools[0]]:
            free[choice.pools[0]] -= 1
            seated.add(applicant.id.int)
    return seated | _shared_block(places, sorted(shared), wanting) if shared else seated


def _shared_block(places: list[int], shared: list[int], wanting: list[_Wish]) -> set[int]:
    """The same of pools that children have in common: place by place, moving those seated before as needed."""
    of_pool: dict[int, list[int]] = {}
    for pool in shared:
        first = sum(len(taken) for taken in of_pool.values())
        of_pool[pool] = list(range(first, first + places[pool]))
    holder: dict[int, _Sitter] = {}
    full: set[tuple[int, ...]] = {()}
    for applicant, choice in wanting:
        kind = tuple(sorted(choice.pools))
        if kind not in full and kind[0] in of_pool and not _seat((applicant.id.int, kind), of_pool, holder):
            full.add(kind)
    return {applicant for applicant, _ in holder.values()}


def _seat(who: _Sitter, of_pool: dict[int, list[int]], holder: dict[int, _Sitter]) -> bool:
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
    who: _Sitter,
    place: int,
    came_from: dict[int, int | None],
    holder: dict[int, _Sitter],
) -> bool:
    while (origin := came_from[place]) is not None:
        holder[place] = holder[origin]
        place = origin
    holder[place] = who
    return True


def _families(instance: Instance, result: Result) -> Iterator[str]:
    """What is wrong with what families got."""
    if not instance.families:
        return
    applicants = {applicant.id: applicant for applicant in instance.applicants}
    sitting: dict[int, list[_Wish]] = defaultdict(list)
    for id_, seat in result.seats.items():
        sitting[seat.organization_id.int].append((applicants[id_], applicants[id_].choices[seat.rank - 1]))
    blocking = set()
    for family in instance.families:
        got = tuple(result.seats[id_].rank if id_ in result.seats else 0 for id_ in family.members)
        if any(got) and got not in family.options:
            yield f"not an option: {family.members[0]}"
            continue
        wanted_more = family.options[: family.options.index(got)] if any(got) else family.options
        members = [applicants[id_] for id_ in family.members]
        if any(_due_together(instance, members, option, sitting) for option in wanted_more):
            blocking.add(family.members)
    for ids in sorted(blocking.symmetric_difference(result.blocking)):
        yield f"{'family passed over' if ids in blocking else 'not passed over'}: {ids[0]}"


def _due_together(
    instance: Instance, members: list[Applicant], option: tuple[int, ...], sitting: dict[int, list[_Wish]]
) -> bool:
    """Whether the organizations would give a family the places of an option as a whole."""
    asked: dict[UUID, list[_Wish]] = defaultdict(list)
    for one, rank in zip(members, option, strict=True):
        if rank:
            asked[one.choices[rank - 1].organization_id].append((one, one.choices[rank - 1]))
    own = {one.id.int for one in members}
    against = {id_: [wish for wish in sitting[id_.int] if wish[0].id.int not in own] for id_ in asked}
    if any(_full_of_stronger(instance.pools[id_], against[id_], wishes) for id_, wishes in asked.items()):
        return False
    return all(
        {one.id.int for one, _ in wishes} <= _due(instance.pools[id_], [*against[id_], *wishes], instance.precedence)
        for id_, wishes in asked.items()
    )


def _full_of_stronger(pools: tuple[Pool, ...], others: list[_Wish], wishes: list[_Wish]) -> bool:
    """Whether all places are taken by others, each stronger than one of these, who has no reserved place to hope for."""
    if len(others) < sum(pool.places for pool in pools):
        return False
    last = max((choice.priority, applicant.tie) for applicant, choice in others) if others else (0, 0)
    return not others or any(
        (choice.priority, applicant.tie) > last for applicant, choice in wishes if not choice.reserves
    )
