"""Student-proposing deferred acceptance.

Children propose in the order of their choices; an organization keeps the best set it can seat and passes over the rest.
The result is stable (nobody is passed over in favour of a weaker right, no wanted place stays free) and of all stable
results the best for every child, so that stating true wishes is never a disadvantage. An organization with several
pools keeps the strongest set that fits them together (a greedy base of a transversal matroid), which keeps those
properties.
"""

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from uuid import UUID

from eu_enrollment.allocation.problem import Applicant, Instance, Key, Pool, Result, Seat

_Entry = tuple[int, int, int]
"""A seated child in a heap whose top is the weakest: (-priority, -tie, index of the applicant)."""
_Pools = tuple[int, ...]


class _Organization:
    """Children seated for now: per pool, a heap for each set of pools its children could sit in."""

    def __init__(self, pools: tuple[Pool, ...]) -> None:
        self.free = [pool.places for pool in pools]
        self.seated: list[dict[_Pools, list[_Entry]]] = [{} for _ in pools]

    def admit(self, entry: _Entry, pools: _Pools) -> int | None:
        """Seat a child if it belongs to the best set; the index of who is left without a place, if anybody."""
        came_from = self._reachable(pools)
        goal = next((pool for pool in came_from if self.free[pool]), None)
        left_out: int | None = None
        if goal is not None:
            self.free[goal] -= 1
        else:
            weakest = self._weakest(came_from)
            if weakest is None or entry < weakest[0]:
                return entry[2]
            _, goal, kind = weakest
            left_out = heappop(self.seated[goal][kind])[2]
        while (step := came_from[goal]) is not None:
            before, kind = step
            heappush(self.seated[goal].setdefault(kind, []), heappop(self.seated[before][kind]))
            goal = before
        heappush(self.seated[goal].setdefault(pools, []), entry)
        return left_out

    def cutoff(self, pools: _Pools) -> Key | None:
        """The weakest key seated where a child with these pools could have sat; ``None`` when nobody sits there."""
        weakest = self._weakest(self._reachable(pools))
        return None if weakest is None else (-weakest[0][0], -weakest[0][1])

    def placed(self) -> Iterator[tuple[int, list[_Entry]]]:
        """Pool and its children, strongest first."""
        for pool, heaps in enumerate(self.seated):
            yield pool, sorted((entry for heap in heaps.values() for entry in heap), reverse=True)

    def _reachable(self, pools: _Pools) -> dict[int, tuple[int, _Pools] | None]:
        """Pools in which a seat can be freed for a child by moving others along: pool → (pool before it, who moves)."""
        came_from: dict[int, tuple[int, _Pools] | None] = dict.fromkeys(pools)
        queue = deque(pools)
        while queue:
            pool = queue.popleft()
            for kind, heap in self.seated[pool].items():
                if heap:
                    for other in kind:
                        if other not in came_from:
                            came_from[other] = (pool, kind)
                            queue.append(other)
        return came_from

    def _weakest(self, pools: dict[int, tuple[int, _Pools] | None]) -> tuple[_Entry, int, _Pools] | None:
        tops = ((heap[0], pool, kind) for pool in pools for kind, heap in self.seated[pool].items() if heap)
        return min(tops, default=None)


def allocate(instance: Instance) -> Result:
    """The applicant-optimal stable result. Each applicant's choices name an organization at most once."""
    # Who gets a place does not depend on the order of proposals, but which of two fitting pools seats a child does.
    applicants = sorted(instance.applicants, key=lambda applicant: applicant.tie)
    organizations = {id_: _Organization(pools) for id_, pools in instance.pools.items()}
    proposed = [0] * len(applicants)
    waiting = list(range(len(applicants)))
    while waiting:
        index = waiting.pop()
        applicant = applicants[index]
        while proposed[index] < len(applicant.choices):
            choice = applicant.choices[proposed[index]]
            proposed[index] += 1
            if not choice.pools:
                continue
            left_out = organizations[choice.organization_id].admit(
                (-choice.priority, -applicant.tie, index), choice.pools
            )
            if left_out != index:
                if left_out is not None:
                    waiting.append(left_out)
                break
    seats = _seats(instance, applicants, organizations)
    return Result(seats=seats, passed_over={a.id: _passed_over(a, seats, organizations) for a in applicants})


def _seats(
    instance: Instance, applicants: list[Applicant], organizations: dict[UUID, _Organization]
) -> dict[UUID, Seat]:
    """Groups within a pool are filled evenly: each next child goes where most places are free."""
    seats: dict[UUID, Seat] = {}
    for id_, organization in organizations.items():
        for pool, entries in organization.placed():
            free = dict(instance.pools[id_][pool].groups)
            for _, _, index in entries:
                applicant = applicants[index]
                group = max(free, key=free.__getitem__)
                free[group] -= 1
                seats[applicant.id] = Seat(id_, group, _rank(applicant, id_))
    return seats


def _rank(applicant: Applicant, organization_id: UUID) -> int:
    return next(rank for rank, choice in enumerate(applicant.choices, 1) if choice.organization_id == organization_id)


def _passed_over(
    applicant: Applicant, seats: dict[UUID, Seat], organizations: dict[UUID, _Organization]
) -> tuple[tuple[UUID, Key | None], ...]:
    seat = seats.get(applicant.id)
    wanted_more = applicant.choices if seat is None else applicant.choices[: seat.rank - 1]
    return tuple(
        (c.organization_id, organizations[c.organization_id].cutoff(c.pools) if c.pools else None) for c in wanted_more
    )
