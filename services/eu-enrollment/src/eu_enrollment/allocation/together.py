"""Allocation with families whose children want places together.

Deferred acceptance places the others; then families come one after another, as in the sorted deferred acceptance of the
literature (https://arxiv.org/abs/2501.13043): each takes the most wanted of its joint options that the organizations would
choose as a whole. A child that loses its place to them asks on, one that can have better by a place that became free moves up, and a
family that loses one of its places gives up all and comes anew. A family that could have better after all comes again, until
none can. Where this does not come to an end other orders of families are tried, then all options of those few that are in the way of each
other; if none is stable, the families that could still have better are named in the result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice, product
from random import Random
from uuid import UUID

from eu_enrollment.allocation import matching
from eu_enrollment.allocation.problem import HELD, Family, Instance, Result
from eu_enrollment.allocation.seating import Entry, House, Pools, Reserves, empty

_ATTEMPTS = 6
_PATIENCE = 20
"""How often, on average, a family may come in one attempt."""
_SEARCHED, _SEARCHED_IN_ALL = 5, 20_000
"""How many results are looked at in the end: at least, and times children."""


def allocate(instance: Instance) -> Result:
    """A stable result, or the best of several attempts with the families that block it. The same for any order of the input."""
    if not instance.families:
        return matching.allocate(instance)
    order = sorted(range(len(instance.families)), key=lambda number: instance.families[number].members)
    random = Random(len(instance.applicants))  # noqa: S311 - any order will do, the same every time
    kept = _kept(instance)
    best: Result | None = None
    for _ in range(_ATTEMPTS):
        market = _Market(instance)
        market.admit_families(order)
        for fixed in (market.ranks(families_alone=True), market.ranks(families_alone=False)):
            found = _judged(instance, fixed, kept)
            if best is None or (len(found.blocking), -len(found.seats)) < (len(best.blocking), -len(best.seats)):
                best = found
            if not best.blocking:
                return best
        first = {number for number, family in enumerate(instance.families) if family.members in found.blocking}
        random.shuffle(order)
        order.sort(key=lambda number: number not in first)
    assert best is not None
    return _searched(instance, best, kept)


def _kept(instance: Instance) -> dict[UUID, int]:
    """Which wish of each child is the place that it holds; 0 for who holds none."""
    return {
        one.id: next((rank for rank, choice in enumerate(one.choices, 1) if choice.priority == HELD), 0)
        for one in instance.applicants
    }


def _searched(instance: Instance, best: Result, kept: Mapping[UUID, int]) -> Result:
    """The first stable result among those where the families that block the best one have any of their options."""
    members = {member for family in instance.families for member in family.members}
    has = {member: best.seats[member].rank if member in best.seats else 0 for member in members}
    families = [family for family in instance.families if family.members in best.blocking]
    every = product(*([*family.options, tuple(kept[member] for member in family.members)] for family in families))
    for options in islice(every, max(_SEARCHED, _SEARCHED_IN_ALL // len(instance.applicants))):
        fixed = {
            m: r
            for family, option in zip(families, options, strict=True)
            for m, r in zip(family.members, option, strict=True)
        }
        found = _judged(instance, has | fixed, kept)
        if not found.blocking:
            return found
    return best


def _judged(instance: Instance, fixed: Mapping[UUID, int], kept: Mapping[UUID, int]) -> Result:
    """The best result for the others with the families' places fixed, and the families that block it.

    A family of which somebody would get no place so, or lose the one it holds, is left with what it holds.
    """
    while True:
        result = matching.allocate(instance, fixed)
        lost = [
            family
            for family in instance.families
            if any((fixed[member] or kept[member]) and member not in result.seats for member in family.members)
        ]
        if not lost:
            return replace(result, blocking=blocking(instance, result))
        asking = {member: fixed[member] for family in instance.families for member in family.members}
        fixed = asking | {member: kept[member] for family in lost for member in family.members}


def blocking(instance: Instance, result: Result) -> tuple[tuple[UUID, ...], ...]:
    """The families that together could have had better than a result gives them."""
    market = _Market(instance, result)
    found = [family.members for number, family in enumerate(instance.families) if market.better(number) is not None]
    return tuple(sorted(found))


def _nothing(family: Family) -> tuple[int, ...]:
    """What a family has before it asks: nothing."""
    return (0,) * len(family.members)


_Wish = tuple[House, Entry, Pools, Reserves]
_Houses = dict[House, dict[int, int]]
"""Who sits in a house (index → rank of the wish)."""


class _Market:
    """Who sits where, while families come. Children are told by their index in the order of ties."""

    def __init__(self, instance: Instance, result: Result | None = None) -> None:
        self._instance = instance
        self._people = sorted(instance.applicants, key=lambda one: one.tie)
        self._number = {one.id: index for index, one in enumerate(self._people)}
        self._members = [tuple(self._number[id_] for id_ in family.members) for family in instance.families]
        self._family = {index: number for number, family in enumerate(self._members) for index in family}
        if result is None:
            result = matching.allocate(instance, {self._people[index].id: 0 for index in self._family})
        self._doors = empty(instance, self._people).doors
        self._at = [result.seats[one.id].rank if one.id in result.seats else 0 for one in self._people]
        self._has = [tuple(self._at[index] for index in family) for family in self._members]
        self._seated: _Houses = {}
        self._wanting: dict[House, set[int]] = {}
        self._interested: dict[House, set[int]] = {}
        for index, doors in enumerate(self._doors):
            for rank, door in enumerate(doors, 1):
                if door is not None:
                    self._seated.setdefault(door.house, {})
                    self._wanting.setdefault(door.house, set()).add(index)
                    if index in self._family:
                        self._interested.setdefault(door.house, set()).add(self._family[index])
                    if rank == self._at[index]:
                        self._seated[door.house][index] = rank
        self._asking: list[int] = []
        self._vacated: dict[House, None] = {}
        self._coming: dict[int, None] = {}

    def ranks(self, *, families_alone: bool) -> dict[UUID, int]:
        """Which wish of each child came true, 0 for none; of all, or of the families' alone."""
        indexes = self._family if families_alone else range(len(self._people))
        return {self._people[index].id: self._at[index] for index in indexes}

    def admit_families(self, order: Iterable[int]) -> None:
        """Let families come, in this order, and again as long as one can have better, or patience lasts."""
        self._coming = dict.fromkeys(order)
        patience = _PATIENCE * len(self._members) + 100
        while self._coming and patience:
            number = next(iter(self._coming))
            del self._coming[number]
            option = self.better(number)
            if option is not None:
                self._take(number, option)
                self._settle()
                patience -= 1

    def better(self, number: int) -> tuple[int, ...] | None:
        """The most wanted option of a family above what it has that every organization would choose as a whole."""
        has = self._has[number]
        for option in self._instance.families[number].options:
            if option == has:
                return None
            if self._chosen(number, option) is not None:
                return option
        return None

    def _chosen(self, number: int, option: tuple[int, ...]) -> dict[House, set[int]] | None:
        """Who would lose a place by a family's option, by house; ``None`` when it would not be chosen as a whole."""
        joining: _Houses = {}
        for index, rank in zip(self._members[number], option, strict=True):
            if rank:
                house = self._wish(index, rank)[0]
                if self._hopeless(house, index, rank, number):
                    return None
                joining.setdefault(house, {})[index] = rank
        lost: dict[House, set[int]] = {}
        for house, coming in joining.items():
            staying = {i: rank for i, rank in self._seated[house].items() if self._family.get(i) != number}
            chosen = self._choose(house, staying | coming)
            if not coming.keys() <= chosen:
                return None
            lost[house] = staying.keys() - chosen
        return lost

    def _hopeless(self, house: House, index: int, rank: int, number: int) -> bool:
        """Whether a house is full of others, all stronger: told without trying."""
        _, entry, _, reserves = self._wish(index, rank)
        seated = self._seated[house]
        return (
            not reserves
            and len(seated) == house.places
            and not any(member in seated for member in self._members[number])
            and all(self._wish(other, taken)[1] > entry for other, taken in seated.items())
        )

    def _wish(self, index: int, rank: int) -> _Wish:
        choice, door = self._people[index].choices[rank - 1], self._doors[index][rank - 1]
        assert door is not None
        return door.house, (-choice.priority, -self._people[index].tie, index), door.pools, choice.reserves

    def _choose(self, house: House, candidates: Mapping[int, int]) -> set[int]:
        """Whom a house would keep of these."""
        blank = house.blank()
        for index, rank in candidates.items():
            _, entry, pools, reserves = self._wish(index, rank)
            blank.admit(entry, pools, reserves)
        return {index for _, entries in blank.placed() for *_, index in entries}

    def _take(self, number: int, option: tuple[int, ...]) -> None:
        """Give a family its option."""
        lost = self._chosen(number, option)
        assert lost is not None
        self._give_up(number)
        for house, losers in lost.items():
            for index in losers:
                if index in self._seated[house]:  # not of a family that has given up meanwhile
                    self._lose(house, index)
        for index, rank in zip(self._members[number], option, strict=True):
            if rank:
                self._seat(index, rank)
        self._has[number] = option

    def _lose(self, house: House, index: int) -> None:
        """A child loses its place: it asks again, or its family comes again."""
        if index in self._family:
            self._give_up(self._family[index])
            self._coming[self._family[index]] = None
        else:
            del self._seated[house][index]
            self._at[index] = 0
            self._asking.append(index)

    def _give_up(self, number: int) -> None:
        """A family leaves all it has."""
        for index in self._members[number]:
            self._leave(index)
        self._has[number] = _nothing(self._instance.families[number])

    def _leave(self, index: int) -> None:
        if self._at[index]:
            house = self._wish(index, self._at[index])[0]
            del self._seated[house][index]
            self._at[index] = 0
            self._vacated[house] = None

    def _seat(self, index: int, rank: int) -> None:
        self._seated[self._wish(index, rank)[0]][index] = rank
        self._at[index] = rank

    def _settle(self) -> None:
        """Let those ask who lost a place, then those move up who can; families that could have better come again."""
        while self._asking or self._vacated:
            if self._asking:
                self._ask(self._asking.pop())
            else:
                house = next(iter(self._vacated))
                del self._vacated[house]
                self._fill(house)

    def _ask(self, index: int) -> None:
        for rank, door in enumerate(self._doors[index], 1):
            if door is not None:
                staying = self._seated[door.house]
                chosen = self._choose(door.house, {**staying, index: rank})
                if index in chosen:
                    losers = staying.keys() - chosen
                    for loser in losers:
                        if loser in staying:
                            self._lose(door.house, loser)
                    self._seat(index, rank)
                    return

    def _fill(self, house: House) -> None:
        """Whoever of the others wants a place here more than what it has, and would be chosen, moves."""
        staying = self._seated[house]
        movers: dict[int, int] = {}
        for index in self._wanting[house]:
            if index not in self._family and index not in staying:
                rank = next(
                    r for r, door in enumerate(self._doors[index], 1) if door is not None and door.house is house
                )
                if not self._at[index] or rank < self._at[index]:
                    movers[index] = rank
        for index in self._choose(house, staying | movers) - staying.keys():
            self._leave(index)
            self._seat(index, movers[index])
        for number in sorted(self._interested.get(house, ())):
            self._coming[number] = None
