"""To which cells of a section a fact goes: those whose filters it passes."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from reporting.engine.fields import Told
from reporting.engine.filters import Fact
from reporting.engine.measures import Tally
from reporting.engine.section import Section

Place = tuple[str, ...]
"""Row and column of a cell of a section, and the keys of its line."""


class Spread:
    """Places of facts in some cells of a section; facts that are alike in the fields these filter by are asked once."""

    def __init__(self, section: Section, counted: Callable[[Tally], bool]) -> None:
        """``counted`` chooses cells by how they are counted."""
        self.open = [cell for cell, tally in section.tallies.items() if counted(tally)]
        """Rows and columns of the cells that facts may go to."""
        self._cells = frozenset(self.open)
        rows, columns = ({cell[at] for cell in self.open} for at in (0, 1))
        self._columns = {one.code: one.filter for one in section.columns if one.code in columns}
        self._rows = [(one.code, one.filter, section.lines(one)) for one in section.rows if one.code in rows]
        self._places: dict[tuple[Told, ...], tuple[Place, ...]] = {}

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Fields that say where a fact goes."""
        filters = [
            *self._columns.values(),
            *(one for _, of_row, lines in self._rows for one in (of_row, *lines.values())),
        ]
        return tuple(sorted(frozenset[str]().union(*(one.fields() for one in filters))))

    def places(self, fact: Fact) -> Sequence[Place]:
        """Where a fact that passes the section's filter goes."""
        key = tuple(fact[name] for name in self.fields)
        if key not in self._places:
            self._places[key] = tuple(self._found(fact))
        return self._places[key]

    def _found(self, fact: Fact) -> Iterable[Place]:
        columns = [code for code, one in self._columns.items() if one.matches(fact)]
        for row, filter_, lines in self._rows:
            if filter_.matches(fact):
                keys = [line for line, one in lines.items() if one.matches(fact)]
                yield from ((row, column, *line) for column in columns if (row, column) in self._cells for line in keys)
