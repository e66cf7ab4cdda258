"""A section counted in one grouped pass over the facts: its cost does not grow with its cells.

The database groups facts by the fields the section filters by; each group then goes to the cells whose filters it passes. Rows that
count classes need the classes themselves: they are a second grouping set of the same pass. Values of filters are bound parameters,
fields come from the whitelist: no text of a definition reaches the statement.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, tuple_

from reporting.engine.cells import Address, Value
from reporting.engine.definition import Column, Measure, Row, Section
from reporting.engine.filters import Columns, Filter


@dataclass(frozen=True)
class Source:
    """Facts to count over, one row a placement: where they are, the fields' expressions, whose and in which class it is."""

    rows: FromClause
    columns: Columns
    klass: ColumnElement[Any]
    placement: ColumnElement[Any]
    learner: ColumnElement[Any]


@dataclass(frozen=True)
class _Part:
    """The rows of a section with one measure, and the fields its facts are grouped by."""

    measure: Measure
    rows: tuple[Row, ...]
    fields: tuple[str, ...]


class Count:
    """A section's statement, and its cells from what the statement gives."""

    def __init__(self, section: Section, over: Callable[[frozenset[str]], Source]) -> None:
        """``over`` gives what has the fields the section filters by."""
        self._section = section
        self._source = over(frozenset({*self._names, *section.filter.fields()}))
        closed = set(section.closed_cells())
        self._open = {
            (row.code, column.code)
            for row in section.rows
            for column in section.columns
            if row.measure is not None and (section.code, row.code, column.code) not in closed
        }

    @property
    def is_empty(self) -> bool:
        """Whether all of it is filled by hand."""
        return not self._open

    @cached_property
    def _parts(self) -> tuple[_Part, ...]:
        measures: dict[Measure, list[Row]] = defaultdict(list)
        for row in self._section.rows:
            if row.measure is not None:
                measures[row.measure].append(row)
        return tuple(
            _Part(measure, tuple(rows), _fields([*(row.filter for row in rows), *self._column_filters]))
            for measure, rows in measures.items()
        )

    @property
    def _column_filters(self) -> list[Filter]:
        return [column.filter for column in self._section.columns]

    @cached_property
    def statement(self) -> Select[Any]:
        """Facts of the section by the fields of each part; the last columns tell the class and how many there are."""
        columns, klass = self._source.columns, self._source.klass
        names = self._names
        sets = [self._set(part) for part in self._parts]
        picked = [columns[name].label(name) for name in names]
        classes = any(part.measure == "count(klass)" for part in self._parts)
        grouped = func.grouping(klass) if classes else None
        statement = select(*picked, *((klass, grouped) if grouped is not None else ()), func.count())
        statement = statement.select_from(self._source.rows).where(self._section.filter.compile(columns))
        return statement.group_by(func.grouping_sets(*sets))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted({name for part in self._parts for name in part.fields}))

    def _set(self, part: _Part) -> Any:
        keys = [self._source.columns[name] for name in part.fields]
        if part.measure == "count(klass)":
            keys.append(self._source.klass)
        return tuple_(*keys)

    def cells(self, found: Iterable[Sequence[Any]]) -> dict[Address, Value]:
        """Cells from the statement's rows; one that nothing goes to is 0."""
        names = self._names
        by_measure = {part.measure: _Spread(part.rows, self._section.columns) for part in self._parts}
        learners = by_measure.get("count(learner)")
        classes = by_measure.get("count(klass)")
        for row in found:
            fact = dict(zip(names, row, strict=False))
            if classes is not None and row[-2] == 0:
                classes.add(fact, row[-3])
            elif learners is not None:
                learners.count(fact, row[-1])
        counted: dict[tuple[str, str], int] = {}
        for spread in by_measure.values():
            counted |= spread.totals()
        return {(self._section.code, *place): counted.get(place, 0) for place in sorted(self._open)}


class _Spread:
    """Groups of facts on their way to the cells whose filters they pass."""

    def __init__(self, rows: Sequence[Row], columns: Sequence[Column]) -> None:
        self._rows = _Passing({row.code: row.filter for row in rows})
        self._columns = _Passing({column.code: column.filter for column in columns})
        self._counts: dict[tuple[str, str], int] = defaultdict(int)
        self._classes: dict[tuple[str, str], set[Any]] = defaultdict(set)

    def count(self, fact: Mapping[str, Any], number: int) -> None:
        for row in self._rows.of(fact):
            for column in self._columns.of(fact):
                self._counts[row, column] += number

    def add(self, fact: Mapping[str, Any], klass: Any) -> None:
        for row in self._rows.of(fact):
            for column in self._columns.of(fact):
                self._classes[row, column].add(klass)

    def totals(self) -> dict[tuple[str, str], int]:
        return {**self._counts, **{place: len(found) for place, found in self._classes.items()}}


class _Passing:
    """Which of some filters a fact passes; facts that are alike in the fields they name are asked once."""

    def __init__(self, filters: Mapping[str, Filter]) -> None:
        self._filters = filters
        self._fields = _fields(filters.values())
        self._known: dict[tuple[Any, ...], tuple[str, ...]] = {}

    def of(self, fact: Mapping[str, Any]) -> tuple[str, ...]:
        key = tuple(fact[name] for name in self._fields)
        if key not in self._known:
            self._known[key] = tuple(code for code, one in self._filters.items() if one.matches(fact))
        return self._known[key]


def _fields(filters: Iterable[Filter]) -> tuple[str, ...]:
    return tuple(sorted(frozenset[str]().union(*(one.fields() for one in filters))))
