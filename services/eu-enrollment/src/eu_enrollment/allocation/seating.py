"""How one organization keeps the best set of children it can seat, one proposal after another.

A greedy base of a transversal matroid: the strongest set that fits the pools together, so that nobody loses a place because a child
who could sit in two pools sat in the wrong one. One child more leaves out at most one.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heappushpop
from uuid import UUID

from eu_enrollment.allocation.problem import Applicant, Instance, Key, Pool, Precedence
from eu_enrollment.allocation.settling import settle

Entry = tuple[int, int, int]
"""A child in a heap whose top is the weakest: (-priority, -tie, index of the applicant)."""
Pools = tuple[int, ...]
Reserves = tuple[str, ...]


class OnePool:
    """Children seated for now in a pool that shares no child with another: the strongest that fit."""

    def __init__(self, pool: int, places: int) -> None:
        self._pool = pool
        self.places = places
        self._seated: list[Entry] = []

    def admit(self, entry: Entry, _pools: Pools, _reserves: Reserves = ()) -> int | None:
        """Seat a child if it belongs to the strongest; the index of who is left without a place, if anybody."""
        if len(self._seated) < self.places:
            heappush(self._seated, entry)
            return None
        return heappushpop(self._seated, entry)[2] if self._seated else entry[2]

    def admits(self, entry: Entry, _pools: Pools, _reserves: Reserves = ()) -> bool:
        """Whether a child would be seated."""
        return len(self._seated) < self.places or (bool(self._seated) and self._seated[0] < entry)

    def remove(self, entry: Entry, _pools: Pools) -> None:
        """Let a seated child go."""
        self._seated.remove(entry)
        heapify(self._seated)

    def cutoff(self, _pools: Pools, _reserves: Reserves = ()) -> Key | None:
        """The weakest key seated; ``None`` when nobody sits there."""
        return (-self._seated[0][0], -self._seated[0][1]) if self._seated else None

    def blank(self) -> "OnePool":
        """The same with nobody seated."""
        return OnePool(self._pool, self.places)

    def placed(self) -> Iterator[tuple[int, list[Entry]]]:
        """The pool and its children."""
        yield self._pool, self._seated

    settled = placed


class LinkedPools:
    """Children seated for now in pools that share children: per pool, a heap for each set of pools its children could sit in."""

    def __init__(self, places: Mapping[int, int]) -> None:
        self._of_pool = places
        self.places = sum(places.values())
        self._free = dict(places)
        self._seated: dict[int, dict[Pools, list[Entry]]] = {pool: {} for pool in places}

    def admit(self, entry: Entry, pools: Pools, _reserves: Reserves = ()) -> int | None:
        """Seat a child if it belongs to the best set; the index of who is left without a place, if anybody."""
        came_from = self._reachable(pools)
        goal = next((pool for pool in came_from if self._free[pool]), None)
        left_out: int | None = None
        if goal is not None:
            self._free[goal] -= 1
        else:
            weakest = self._weakest(came_from)
            if weakest is None or entry < weakest[0]:
                return entry[2]
            _, goal, kind = weakest
            left_out = heappop(self._seated[goal][kind])[2]
        while (step := came_from[goal]) is not None:
            before, kind = step
            heappush(self._seated[goal].setdefault(kind, []), heappop(self._seated[before][kind]))
            goal = before
        heappush(self._seated[goal].setdefault(pools, []), entry)
        return left_out

    def admits(self, entry: Entry, pools: Pools, _reserves: Reserves = ()) -> bool:
        """Whether a child would be seated."""
        reachable = self._reachable(pools)
        weakest = self._weakest(reachable)
        return any(self._free[pool] for pool in reachable) or (weakest is not None and weakest[0] < entry)

    def remove(self, entry: Entry, pools: Pools) -> None:
        """Let a seated child go."""
        pool = next(pool for pool in pools if entry in self._seated[pool].get(pools, ()))
        heap = self._seated[pool][pools]
        heap.remove(entry)
        heapify(heap)
        self._free[pool] += 1

    def cutoff(self, pools: Pools, _reserves: Reserves = ()) -> Key | None:
        """The weakest key seated where a child with these pools could have sat; ``None`` when nobody sits there."""
        weakest = self._weakest(self._reachable(pools))
        return None if weakest is None else (-weakest[0][0], -weakest[0][1])

    def blank(self) -> "LinkedPools":
        """The same with nobody seated."""
        return LinkedPools(self._of_pool)

    def placed(self) -> Iterator[tuple[int, list[Entry]]]:
        """Pool and its children."""
        for pool, heaps in self._seated.items():
            yield pool, [entry for heap in heaps.values() for entry in heap]

    def settled(self) -> Iterator[tuple[int, list[Entry]]]:
        """The same with each child where it would rather sit, as far as all stay seated."""
        children = [
            (entry, pools, pool)
            for pool, heaps in self._seated.items()
            for pools, heap in heaps.items()
            for entry in heap
        ]
        children.sort(reverse=True)
        found: dict[int, list[Entry]] = {pool: [] for pool in self._of_pool}
        for (entry, *_), pool in zip(
            children, settle(self._of_pool, [(pools, pool) for _, pools, pool in children]), strict=True
        ):
            found[pool].append(entry)
        yield from found.items()

    def _reachable(self, pools: Pools) -> dict[int, tuple[int, Pools] | None]:
        """Pools in which a seat can be freed for a child by moving others along: pool → (pool before it, who moves)."""
        came_from: dict[int, tuple[int, Pools] | None] = dict.fromkeys(pools)
        queue = deque(pools)
        while queue:
            pool = queue.popleft()
            for kind, heap in self._seated[pool].items():
                if heap:
                    for other in kind:
                        if other not in came_from:
                            came_from[other] = (pool, kind)
                            queue.append(other)
        return came_from

    def _weakest(self, pools: dict[int, tuple[int, Pools] | None]) -> tuple[Entry, int, Pools] | None:
        tops = ((heap[0], pool, kind) for pool in pools for kind, heap in self._seated[pool].items() if heap)
        return min(tops, default=None)


_Block = OnePool | LinkedPools


def _block(places: Mapping[int, int]) -> _Block:
    (one, *others) = places
    return LinkedPools(places) if others else OnePool(one, places[one])


class ReservingPools:
    """Children seated for now in pools with reserved places: whom the blocks of places choose, and the strongest of the others.

    Whom a block has chosen sits on its places, whichever; all others on whatever is left, of any block. So a child that takes
    another's place in a block leaves the same to the others as before: one child more leaves out at most one, and whoever was left out
    once would be left out again.
    """

    def __init__(self, pools: Mapping[int, Pool], precedence: Precedence) -> None:
        self._made_of = (pools, precedence)
        reserved = {index: dict(pool.reserved) for index, pool in pools.items()}
        kinds = dict.fromkeys(kind for of_pool in reserved.values() for kind in of_pool)
        open_ = {index: pool.places - sum(reserved[index].values()) for index, pool in pools.items()}
        blocks: list[tuple[str | None, dict[int, int]]] = [
            *([(None, open_)] if precedence is Precedence.OPEN_FIRST else []),
            *((kind, {index: of_pool.get(kind, 0) for index, of_pool in reserved.items()}) for kind in kinds),
        ]
        self._blocks = [(kind, _block(places)) for kind, places in blocks]
        of_blocks = [places for _, places in blocks] + ([] if precedence is Precedence.OPEN_FIRST else [open_])
        self._width = max(pools) + 1
        self._parts = range(len(of_blocks))
        self._all = LinkedPools(
            {self._place(part, pool): count for part, places in enumerate(of_blocks) for pool, count in places.items()}
        )
        self.places = self._all.places
        self._known: dict[int, tuple[Entry, Pools, Reserves]] = {}
        self._chosen_by: dict[int, int] = {}

    def admit(self, entry: Entry, pools: Pools, reserves: Reserves) -> int | None:
        """Seat a child if it is chosen; the index of who is left without a place, if anybody."""
        self._known[entry[2]] = (entry, pools, reserves)
        chosen = self._choose(entry[2])
        for index, _ in chosen[1:]:
            self._all.remove(*self._seat(index))
        left_out: int | None = None
        for index, block in chosen:
            self._chosen_by.pop(index, None)
            if block is not None:
                self._chosen_by[index] = block
            left_out = _either(self._all.admit(*self._seat(index)), left_out)
        return left_out

    def admits(self, entry: Entry, pools: Pools, reserves: Reserves) -> bool:
        """Whether a child would be seated."""
        return self._all.admits(entry, self._anywhere(pools)) or any(
            block.admits(entry, pools) for kind, block in self._blocks if kind is None or kind in reserves
        )

    def _choose(self, index: int) -> list[tuple[int, int | None]]:
        """Let a child through the blocks: it, and each who must go on to a later one for it, with the block where it stays, if any."""
        found: list[tuple[int, int | None]] = []
        for number, (kind, block) in enumerate(self._blocks):
            entry, pools, reserves = self._known[index]
            if kind is None or kind in reserves:
                left_out = block.admit(entry, pools)
                if left_out != index:
                    found.append((index, number))
                    if left_out is None:
                        return found
                    index = left_out
        return [*found, (index, None)]

    def _seat(self, index: int) -> tuple[Entry, Pools]:
        """By what strength, and where, a child is seated: who is chosen on the places of its block, stronger than any right."""
        entry, pools, _ = self._known[index]
        if index not in self._chosen_by:
            return entry, self._anywhere(pools)
        raised = (entry[0] + _RAISE, *entry[1:])
        return raised, tuple(self._place(self._chosen_by[index], pool) for pool in pools)

    def _anywhere(self, pools: Pools) -> Pools:
        return tuple(self._place(part, pool) for pool in pools for part in self._parts)

    def _place(self, part: int, pool: int) -> int:
        """A block's places in a pool."""
        return part * self._width + pool

    def cutoff(self, pools: Pools, reserves: Reserves) -> Key | None:
        """The weakest key that got a place the child could have had; ``None`` where none did, those reserved for others apart."""
        return _weaker(*self.cutoffs(pools, reserves).values())

    def cutoffs(self, pools: Pools, reserves: Reserves) -> dict[str | None, Key | None]:
        """The same by block; ``None`` names the open places and those that nobody of their kind took."""
        found = {kind: block.cutoff(pools) for kind, block in self._blocks if kind is None or kind in reserves}
        last = self._all.cutoff(self._anywhere(pools))
        left = None if last is None or last[0] < -_RAISE // 2 else last
        return found | {None: _weaker(found.get(None), left)}

    def blank(self) -> "ReservingPools":
        """The same with nobody seated."""
        return ReservingPools(*self._made_of)

    def placed(self) -> Iterator[tuple[int, list[Entry]]]:
        """Pool and its children."""
        return self._by_pool(self._all.placed())

    def settled(self) -> Iterator[tuple[int, list[Entry]]]:
        """The same with each child where it would rather sit, as far as all stay seated."""
        return self._by_pool(self._all.settled())

    def _by_pool(self, by_place: Iterator[tuple[int, list[Entry]]]) -> Iterator[tuple[int, list[Entry]]]:
        found: dict[int, list[Entry]] = {}
        for place, entries in by_place:
            found.setdefault(place % self._width, []).extend(self._known[index][0] for *_, index in entries)
        yield from found.items()


_RAISE = 1 << 40


def _weaker(*keys: Key | None) -> Key | None:
    """The weakest of the keys, if there is any."""
    return max((key for key in keys if key is not None), default=None)


def _either(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


House = OnePool | LinkedPools | ReservingPools


class Door:
    """Where the children ask whom the same pools of an organization admit."""

    __slots__ = ("house", "pools")

    def __init__(self, pools: Pools) -> None:
        self.pools = pools
        self.house: House


@dataclass(frozen=True, slots=True)
class Seating:
    """Houses of organizations, and the doors of each applicant by its choices; ``None`` where no pool admits it."""

    houses: Sequence[tuple[UUID, House]]
    doors: Sequence[Sequence[Door | None]]


class _Doors(dict[Pools, Door | None]):
    """Doors of an organization, each made when a child first wants it."""

    def __missing__(self, pools: Pools) -> Door | None:
        door = self[pools] = Door(pools) if pools else None
        return door


def empty(instance: Instance, applicants: Sequence[Applicant]) -> Seating:
    """Nobody is seated yet. Pools that share children are a house together, the others each on its own."""
    # A UUID hashes and compares in Python. An organization that offers nothing has no pools, and no door leads anywhere.
    of: dict[int, _Doors] = defaultdict(_Doors)
    doors = [[of[choice.organization_id.int][choice.pools] for choice in one.choices] for one in applicants]
    return Seating([(id_, house) for id_ in instance.pools for house in _houses(instance, id_, of[id_.int])], doors)


def _houses(instance: Instance, organization_id: UUID, doors: _Doors) -> Iterator[House]:
    for linked in _linked(filter(None, doors)):
        pools = {index: instance.pools[organization_id][index] for index in sorted(linked)}
        house = (
            ReservingPools(pools, instance.precedence)
            if any(pool.reserved for pool in pools.values())
            else _block({index: pool.places for index, pool in pools.items()})
        )
        for door in doors.values():
            if door is not None and door.pools[0] in linked:
                door.house = house
        yield house


def _linked(kinds: Iterable[Pools]) -> list[set[int]]:
    """Sets of pools that have a child in common, directly or by others."""
    found: list[set[int]] = []
    for kind in kinds:
        joined = set(kind).union(*(one for one in found if not one.isdisjoint(kind)))
        found = [one for one in found if one.isdisjoint(kind)] + [joined]
    return found
