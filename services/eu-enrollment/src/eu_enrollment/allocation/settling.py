"""Which of the pools that fit seats a child: the stronger its right, the sooner one it would rather have, as long as all stay seated."""

from collections import deque
from collections.abc import Mapping, Sequence

_Pools = tuple[int, ...]


def settle(places: Mapping[int, int], seated: Sequence[tuple[_Pools, int]]) -> list[int]:
    """Pools of children who are seated already: (pools that fit, most wanted first; pool for now), strongest first."""
    at = [pool for _, pool in seated]
    free = {pool: count - at.count(pool) for pool, count in places.items()}
    movable: dict[int, set[int]] = {pool: set() for pool in places}
    for index, pool in enumerate(at):
        movable[pool].add(index)
    for index, (wanted, _) in enumerate(seated):
        own = at[index]
        movable[own].discard(index)
        for pool in wanted[: wanted.index(own)]:
            free[own] += 1
            if _make_room(pool, seated, at, free, movable):
                at[index] = pool
                break
            free[own] -= 1
    return at


def _make_room(
    pool: int, seated: Sequence[tuple[_Pools, int]], at: list[int], free: dict[int, int], movable: dict[int, set[int]]
) -> bool:
    """Take a free place of a pool, moving those along who may still be moved; ``False`` when there is no way to."""
    came_from: dict[int, tuple[int, int] | None] = {pool: None}
    queue = deque([pool])
    while queue:
        goal = queue.popleft()
        if free[goal]:
            free[goal] -= 1
            while (step := came_from[goal]) is not None:
                before, mover = step
                at[mover] = goal
                movable[before].discard(mover)
                movable[goal].add(mover)
                goal = before
            return True
        for mover in sorted(movable[goal]):
            for other in seated[mover][0]:
                if other not in came_from:
                    came_from[other] = (goal, mover)
                    queue.append(other)
    return False
