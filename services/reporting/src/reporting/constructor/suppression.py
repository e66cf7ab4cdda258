"""Which cells of a published table are hidden, so that none of them can be worked out from what is left.

A count of people from 1 to below the threshold is hidden. A hidden cell could be solved from the totals of its row and column, so
others are hidden beside it, until

* each hidden cell has another value that fits all that is shown, and
* what is hidden in a row or a column whose total is shown are so many people together that the threshold shows them.

A reader knows that a hidden count is not 0, because zeros are shown; unless they are hidden as small counts are (``zeros``), so that
what is hidden does not tell that it is there at all. Given that, the counts that fit are the flows of a network: rows
and columns are its nodes, a cell is an edge from its row to its column, a total an edge back. A cell has another value exactly
when one person can be moved along a closed walk through it; each cell on the walk then has one too. So for each cell the
cheapest such walk is hidden, where what is hidden costs nothing, and the rest as many people as it counts.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

THRESHOLD = 5
"""The smallest count of people that is shown; a smaller one, but for 0, is hidden."""

Place = tuple[int, int]
"""A row and a column, from 0. The row after the last holds the totals of columns, the column after the last those of rows."""

_Node = tuple[str, int]
_Cost = tuple[int, int]
"""Totals to hide, people to hide: a total is the last thing to hide."""


@dataclass(frozen=True)
class Counts:
    """How many a table counts: ``cells`` by row and column, and which totals are shown beside them.

    ``small``: places that count too few people though the number counted is larger (a worker holds several posts). ``zeros``: 0 is
    hidden too.
    """

    cells: Sequence[Sequence[int]]
    row_totals: bool
    column_totals: bool
    small: frozenset[Place] = frozenset()
    zeros: bool = False

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.cells)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.cells[0]) if self.cells else 0

    @cached_property
    def values(self) -> dict[Place, int]:
        """All that may be hidden, totals too, shown or not."""
        found: dict[Place, int] = {}
        for row, cells in enumerate(self.cells):
            for column, value in enumerate(cells):
                for place in ((row, column), (row, self.width), (self.height, column), (self.height, self.width)):
                    found[place] = found.get(place, 0) + value
        return {place: value for place, value in found.items() if value or self.zeros}

    def is_shown(self, place: Place) -> bool:
        """Whether the table has the place at all."""
        return (self.row_totals or place[1] < self.width) and (self.column_totals or place[0] < self.height)

    def lines(self) -> Iterator[list[Place]]:
        """Rows and columns, each with its total last."""
        for row in range(self.height + 1):
            yield [(row, column) for column in range(self.width + 1)]
        for column in range(self.width + 1):
            yield [(row, column) for row in range(self.height + 1)]


def hidden(table: Counts, threshold: int = THRESHOLD) -> frozenset[Place]:
    """Places whose values must not be shown."""
    unseen = {place for place in table.values if not table.is_shown(place)}
    small = {place for place, value in table.values.items() if value < threshold or place in table.small}
    network = _Network(table, unseen | small)
    safe = set(unseen)
    while True:
        while unsafe := network.hidden - safe:
            walk = network.cheapest_walk(min(unsafe))
            network.hidden |= walk
            safe |= walk
        telling = next((line for line in table.lines() if _tells(table, network.hidden, line, threshold)), None)
        if telling is None:
            return frozenset(network.hidden - unseen)
        *parts, total = telling
        rest = [place for place in parts if place in table.values and place not in network.hidden]
        network.hidden.add(min(rest, key=lambda place: table.values[place], default=total))


def _tells(table: Counts, concealed: set[Place], line: list[Place], threshold: int) -> bool:
    """Whether a line's total tells a small number of people in what the line hides."""
    *parts, total = line
    apart = [table.values[place] for place in parts if place in concealed]
    return bool(apart) and total not in concealed and sum(apart) < threshold


class _Network:
    """Cells and totals as edges between rows and columns; what of them is hidden."""

    def __init__(self, table: Counts, hidden: set[Place]) -> None:
        self._table = table
        self.hidden = hidden
        self._at: dict[_Node, list[Place]] = {}
        for place in table.values:
            for node in self._nodes(place):
                self._at.setdefault(node, []).append(place)

    @staticmethod
    def _nodes(place: Place) -> tuple[_Node, _Node]:
        return ("row", place[0]), ("column", place[1])

    def cheapest_walk(self, place: Place) -> set[Place]:
        """Places along which one person can be moved through ``place``; there always is a way, over the total of all."""
        row, column = self._nodes(place)
        ways = (self._way(place, column, row), self._way(place, row, column))
        return min((way for way in ways if way is not None), key=lambda way: way[0])[1]

    def _way(self, place: Place, start: _Node, goal: _Node) -> tuple[_Cost, set[Place]] | None:
        """The cheapest way that closes the walk after a step through ``place`` from ``goal`` to ``start``."""
        if not self._may(place, goal):
            return None
        came: dict[_Node, tuple[_Node, Place]] = {}
        done: set[_Node] = set()
        waiting: list[tuple[_Cost, _Node, _Node | None, Place | None]] = [((0, 0), start, None, None)]
        while waiting:
            cost, node, before, through = heapq.heappop(waiting)
            if node in done:
                continue
            done.add(node)
            if before is not None and through is not None:
                came[node] = (before, through)
            if node == goal:
                return cost, {place, *_back(came, node)}
            for step in self._at[node]:
                row, column = self._nodes(step)
                following = column if node == row else row
                if step != place and following not in done and self._may(step, node):
                    more = self._cost(step)
                    heapq.heappush(waiting, ((cost[0] + more[0], cost[1] + more[1]), following, node, step))
        return None

    def _cost(self, place: Place) -> _Cost:
        if place in self.hidden:
            return (0, 0)
        is_total = place[0] == self._table.height or place[1] == self._table.width
        return (int(is_total), self._table.values[place])

    def _may(self, place: Place, start: _Node) -> bool:
        """Whether one person may be moved through a place: from its row a cell grows, from its column it shrinks.

        Though not below the least that may be hidden. A total goes the other way, but for the total of all, where two totals cross.
        """
        crossed = (place[0] == self._table.height) != (place[1] == self._table.width)
        grows = (start[0] == "row") != crossed
        return grows or self._table.values[place] > int(not self._table.zeros)


def _back(came: dict[_Node, tuple[_Node, Place]], node: _Node) -> Iterator[Place]:
    while node in came:
        node, place = came[node]
        yield place
