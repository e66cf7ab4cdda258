"""To which cells of a section a fact goes: those whose filters it passes."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from reporting.engine.fields import Told
from reporting.engine.filters import Fact
from reporting.engine.section import Row, Section

Place = tuple[str, ...]
"""Row and column of a cell of a section, and the keys of its line."""


class Spread:
    """Places of facts in some rows of a section; facts that are alike in the fields the rows name are asked once."""

    def __init__(self, section: Section, rows: Sequence[Row]) -> None:
        closed = set(section.closed_cells())
        self._columns = {column.code: column.filter for column in section.columns if column.is_counted}
        self._rows = [(row.code, row.filter, section.lines(row)) for row in rows]
        self._places: dict[tuple[Told, ...], tuple[Place, ...]] = {}
        self.open = [
            (row.code, column)
            for row in rows
            for column in self._columns
            if (section.code, row.code, column) not in closed
        ]
        """Rows and columns of the cells that facts may go to."""

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
        is_open = set(self.open)
        for row, filter_, lines in self._rows:
            if filter_.matches(fact):
                keys = [line for line, one in lines.items() if one.matches(fact)]
                yield from ((row, column, *line) for column in columns if (row, column) in is_open for line in keys)
