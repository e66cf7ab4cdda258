"""Other ways to allocate, to be held against deferred acceptance; none of them is ever carried out.

A parent asks why a first wish does not go first, an authority why places stay empty while children wait. Side by side they see what
either would cost: children passed over in favour of a weaker right.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from eu_enrollment.allocation import together
from eu_enrollment.allocation.matching import passed
from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Result, Seat


class Mechanism(StrEnum):
    """A way to allocate places."""

    DEFERRED_ACCEPTANCE = "deferred_acceptance"
    FIRST_CHOICE_FIRST = "first_choice_first"
    MOST_PLACED = "most_placed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mechanism comes to.

    ``passed``: pairs of a child and an organization that it wanted more and that seats a weaker right in its stead, or nobody; a family
    that could have had better counts once.
    """

    mechanism: Mechanism
    placed: int
    first_choices: int
    passed: int


def compare(instance: Instance) -> list[Outcome]:
    """The same instance by every mechanism."""
    found = []
    for mechanism, way in _WAYS.items():
        result = way(instance)
        ranks = [seat.rank for seat in result.seats.values()]
        passed_over = passed(instance, result) + len(together.blocking(instance, result))
        found.append(Outcome(mechanism, len(ranks), ranks.count(1), passed_over))
    return found


def first_choice_first(instance: Instance) -> Result:
    """Each organization takes first those who named it first (the Boston mechanism): a wish stated lower is a wish nearly lost."""
    strongest = 1 + max((abs(c.priority) for a in instance.applicants for c in a.choices), default=0)

    def by_rank(applicant: Applicant) -> Applicant:
        choices = (
            replace(choice, priority=2 * strongest * rank + choice.priority)
            for rank, choice in enumerate(applicant.choices)
        )
        return replace(applicant, choices=tuple(choices))

    return together.allocate(replace(instance, applicants=tuple(by_rank(one) for one in instance.applicants)))


def most_placed(instance: Instance) -> Result:
    """As many children as can be placed at all: those left out make others move to a lower wish, whatever the rights; families apart."""
    return _MostPlaced(instance).result()


_Place = tuple[UUID, int]
"""An organization's pool."""


class _MostPlaced:
    """Augmenting paths from the stable result: a child left out takes a place whose holder has another to go to."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._applicants = {applicant.id: applicant for applicant in instance.applicants}
        pool_of = {
            group: (organization, index)
            for organization, pools in instance.pools.items()
            for index, pool in enumerate(pools)
            for group, _ in pool.groups
        }
        self._free = {
            (organization, index): pool.places
            for organization, pools in instance.pools.items()
            for index, pool in enumerate(pools)
        }
        self._holders: dict[_Place, set[UUID]] = {place: set() for place in self._free}
        for applicant_id, seat in together.allocate(instance).seats.items():
            place = pool_of[seat.group_id]
            self._holders[place].add(applicant_id)
            self._free[place] -= 1

    def result(self) -> Result:
        """Place everybody whom a path leads to a free place."""
        placed = {one for holders in self._holders.values() for one in holders}
        hopeless: set[_Place] = set()
        for applicant in sorted(self._instance.applicants, key=lambda one: one.tie):
            if applicant.id not in placed:
                self._place(applicant.id, hopeless)
        return Result(self._seats(), {})

    def _place(self, applicant_id: UUID, hopeless: set[_Place]) -> None:
        came_from: dict[_Place, tuple[_Place | None, UUID]] = {}
        queue: deque[_Place] = deque()

        def reach(who: UUID, origin: _Place | None) -> None:
            for choice in self._applicants[who].choices:
                for pool in choice.pools:
                    place = (choice.organization_id, pool)
                    if place not in came_from and place not in hopeless:
                        came_from[place] = (origin, who)
                        queue.append(place)

        reach(applicant_id, None)
        while queue:
            place = queue.popleft()
            if self._free[place]:
                self._move(place, came_from)
                return
            for holder in sorted(self._holders[place]):
                reach(holder, place)
        hopeless.update(came_from)  # no place can be had by way of these, now or later

    def _move(self, goal: _Place, came_from: Mapping[_Place, tuple[_Place | None, UUID]]) -> None:
        self._free[goal] -= 1
        place: _Place | None = goal
        while place is not None:
            origin, who = came_from[place]
            self._holders[place].add(who)
            if origin is not None:
                self._holders[origin].discard(who)
            place = origin

    def _seats(self) -> dict[UUID, Seat]:
        seats: dict[UUID, Seat] = {}
        for (organization, index), holders in self._holders.items():
            free = dict(self._instance.pools[organization][index].groups)
            for who in sorted(holders, key=lambda one: self._applicants[one].tie):
                group = max(free, key=free.__getitem__)
                free[group] -= 1
                seats[who] = Seat(organization, group, _rank(self._applicants[who].choices, organization))
        return seats


def _rank(choices: tuple[Choice, ...], organization: UUID) -> int:
    return next(rank for rank, choice in enumerate(choices, 1) if choice.organization_id == organization)


_WAYS: Mapping[Mechanism, Callable[[Instance], Result]] = {
    Mechanism.DEFERRED_ACCEPTANCE: together.allocate,
    Mechanism.FIRST_CHOICE_FIRST: first_choice_first,
    Mechanism.MOST_PLACED: most_placed,
}
