"""A section counted in one grouped pass over the facts: its cost does not grow with its cells.

The database groups facts by the fields the section filters by; each group then goes to the cells whose filters it passes. Cells that
count classes or workers need these themselves: they are grouping sets of their own in the same pass. Values of filters are bound
parameters, fields come from the whitelist: no text of a definition reaches the statement.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, tuple_

from reporting.engine.cells import Address, Keys, Value
from reporting.engine.filters import Columns
from reporting.engine.measures import Over, Tally
from reporting.engine.section import Section
from reporting.engine.spreading import Place, Spread


@dataclass(frozen=True)
class Source:
    """Facts to count over: where they are, the fields' expressions, and what a fact is itself, whose and in which group."""

    rows: FromClause
    columns: Columns
    members: Mapping[Over, ColumnElement[Any]]


class Count:
    """A section's statement, and its cells from what the statement gives."""

    def __init__(self, section: Section, over: Callable[[frozenset[str]], Source]) -> None:
        """``over`` gives what has the fields the section filters by."""
        self._section = section
        self._summed = sorted({tally.field for tally in section.tallies.values() if tally.field is not None})
        self._source = over(section.fields)

    @property
    def is_empty(self) -> bool:
        """Whether all of it is filled by hand."""
        return not self._section.tallies

    @cached_property
    def _overs(self) -> tuple[Over, ...]:
        """What is counted, each in a grouping set of its own, facts themselves as the last one."""
        found = {tally.over for tally in self._section.tallies.values()}
        return tuple(sorted(found, key=lambda over: (over == "fact", over)))

    @cached_property
    def _spreads(self) -> dict[Over, Spread]:
        return {over: Spread(self._section, partial(_is_over, over)) for over in self._overs}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted(frozenset[str]().union(*(one.fields for one in self._spreads.values()))))

    @cached_property
    def statement(self) -> Select[Any]:
        """Facts of the section by the fields of each set; then what is counted and by which set, how many facts, their sums."""
        columns, members = self._source.columns, self._source.members
        sets = []
        told: list[ColumnElement[Any]] = []
        for over, spread in self._spreads.items():
            keys = [columns[name] for name in spread.fields]
            if over != "fact":
                told += [members[over], func.grouping(members[over])]
                keys.append(members[over])
            sets.append(tuple_(*keys))
        picked = [columns[name].label(name) for name in self._names]
        sums = [func.sum(columns[name]) for name in self._summed]
        statement = select(*picked, *told, func.count(), *sums)
        statement = statement.select_from(self._source.rows).where(self._section.filter.compile(columns))
        return statement.group_by(func.grouping_sets(*sets))

    def cells(self, found: Iterable[Sequence[Any]]) -> dict[Address, Value]:
        """Cells from the statement's rows; one that nothing goes to is 0, a line that nothing goes to is not there."""
        width = len(self._names)
        distinct = [(over, width + 2 * at) for at, over in enumerate(one for one in self._overs if one != "fact")]
        numbers = width + 2 * len(distinct)
        members: dict[Place, set[Any]] = defaultdict(set)
        totals: dict[Place, list[Any]] = defaultdict(lambda: [0] * (1 + len(self._summed)))
        facts = self._spreads.get("fact")
        for row in found:
            fact = dict(zip(self._names, map(_told, row[:width]), strict=True))
            over = next(((over, row[at]) for over, at in distinct if row[at + 1] == 0), None)
            if over is not None and over[1] is None:
                continue  # of a group that is in no set
            if over is not None:
                for place in self._spreads[over[0]].places(fact):
                    members[place].add(over[1])
            elif facts is not None:
                for place in facts.places(fact):
                    of_place = totals[place]
                    for at, number in enumerate(row[numbers:]):
                        of_place[at] += number or 0
        counted = {place: len(one) for place, one in members.items()}
        counted |= {place: self._taken(self._section.tallies[place[0], place[1]], one) for place, one in totals.items()}
        return self._filled(counted)

    def _taken(self, tally: Tally, numbers: Sequence[Any]) -> Any:
        return numbers[0] if tally.field is None else numbers[1 + self._summed.index(tally.field)]

    def _filled(self, counted: Mapping[Place, Any]) -> dict[Address, Value]:
        rows = {row.code: row for row in self._section.rows}
        columns = {column.code: column for column in self._section.columns}
        lines: dict[str, set[Keys]] = defaultdict(set)
        for place in counted:
            lines[place[0]].add(place[2:])
        cells: dict[Address, Value] = {}
        for spread in self._spreads.values():
            for row, column in spread.open:
                digits = self._section.decimals(rows[row], columns[column])
                for keys in self._section.sheet.lines(row, lines[row]):
                    number = counted.get((row, column, *keys), 0)
                    cells[self._section.code, row, column, *keys] = _rounded(number, digits)
        return cells


def _is_over(over: Over, tally: Tally) -> bool:
    return tally.over == over


def _told(value: Any) -> Any:
    """A list of words can be a key only as a tuple."""
    return tuple(value) if isinstance(value, list) else value


def _rounded(value: Any, digits: int) -> Value:
    if isinstance(value, int):
        return value
    rounded: Decimal = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return rounded if digits else int(rounded)
