"""A table of figures by rows and columns, with totals, and what of it is hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from reporting.constructor.counting import Figure, Key
from reporting.constructor.plan import Measure, Plan
from reporting.constructor.query import Order
from reporting.constructor.semantics import Dimension
from reporting.constructor.suppression import THRESHOLD, Counts, hidden

LEAST_POPULATION = 2 * THRESHOLD
"""Of how many people something is said of their health outside their organization."""
_NOTHING = 0


@dataclass(frozen=True)
class Pivot:
    """Keys of rows and columns in order, and figures by both (``None``: the total). ``cut``: rows that the limit left out."""

    plan: Plan
    rows: tuple[Key, ...]
    columns: tuple[Key, ...]
    figures: Mapping[tuple[Key, Key], Figure]
    totals: bool
    hidden: frozenset[tuple[Key, Key]] = frozenset()
    cut: int = 0

    @classmethod
    def of(cls, plan: Plan, figures: Mapping[tuple[Key, Key], Figure], *, totals: bool) -> "Pivot":
        """Everything that was counted, in order of what rows and columns are."""
        rows = {row for row, _ in figures if row is not None} or set[Key]()
        columns = {column for _, column in figures if column is not None}
        return cls(plan, tuple(sorted(rows, key=_place)), tuple(sorted(columns, key=_place)), figures, totals)

    @property
    def row_totals(self) -> bool:
        """Whether rows have a total of their own."""
        return self.totals and bool(self.plan.columns)

    @property
    def column_totals(self) -> bool:
        """Whether columns have a total of their own."""
        return self.totals and bool(self.plan.rows)

    @cached_property
    def places(self) -> Mapping[tuple[int, int], tuple[Key, Key]]:
        """Rows and columns by number, totals after the last."""
        rows, columns = (*self.rows, None), (*self.columns, None)
        return {(i, j): (row, column) for i, row in enumerate(rows) for j, column in enumerate(columns)}

    def guarded(self) -> "Pivot":
        """With small counts of people hidden, and whatever else would tell them.

        Totals are taken for known, whether asked for or not: the next query may ask for them. What is hidden beside depends on the
        order of cells, so a table and the same one turned over are worked out as one.
        """
        if not self.plan.dataset.people:
            return self
        if _names(self.plan.rows) > _names(self.plan.columns):
            return replace(self, hidden=frozenset((row, column) for column, row in self._turned().guarded().hidden))
        counts = Counts(
            [[self._figure(row, column).facts for column in self.columns] for row in self.rows],
            row_totals=bool(self.plan.columns),
            column_totals=bool(self.plan.rows),
            small=frozenset(place for place, key in self.places.items() if self._is_small(*key)),
            zeros=self.plan.health,
        )
        return replace(self, hidden=frozenset(self.places[place] for place in hidden(counts)))

    def _turned(self) -> "Pivot":
        """Rows as columns."""
        plan = replace(self.plan, rows=self.plan.columns, columns=self.plan.rows)
        figures = {(column, row): figure for (row, column), figure in self.figures.items()}
        return replace(self, plan=plan, rows=self.columns, columns=self.rows, figures=figures)

    def _is_small(self, row: Key, column: Key) -> bool:
        """Whether a cell tells of few people. What it says of health tells of each of them where there are few, or all are alike."""
        people = self._figure(row, column).people
        if not self.plan.health:
            return 0 < people < THRESHOLD
        everybody = self._population(row, column)
        if everybody == (row, column):
            return people < THRESHOLD
        among = self._figure(*everybody).people
        return people < THRESHOLD or people == among or among < LEAST_POPULATION

    def _population(self, row: Key, column: Key) -> tuple[Key, Key]:
        """Whom a cell says something of the health of: all who are alike in what is no health."""
        return None if _of_health(self.plan.rows) else row, None if _of_health(self.plan.columns) else column

    def ordered(self, order: Order, limit: int) -> "Pivot":
        """Rows in order, those beyond the limit left out. What is hidden comes last, whatever it counts."""
        rows = list(self.rows)
        if order.measure is not None:
            known = [(value, row) for row in rows if (value := self.value(row, None, order.measure)) is not None]
            known.sort(key=lambda one: one[0], reverse=order.descending)
            told = [row for _, row in known]
            rows = [*told, *(row for row in rows if row not in set(told))]
        elif order.descending:
            rows.reverse()
        return replace(self, rows=tuple(rows[:limit]), cut=max(len(rows) - limit, 0))

    def is_hidden(self, row: Key, column: Key) -> bool:
        """Whether a cell is hidden. A total that stands beside nothing is the cell itself."""
        return (
            self._same(row, self.rows, self.plan.rows),
            self._same(column, self.columns, self.plan.columns),
        ) in self.hidden

    @staticmethod
    def _same(key: Key, keys: Sequence[Key], dimensions: Sequence[Any]) -> Key:
        return key if dimensions or not keys else keys[0]

    def conceals(self, row: Key, column: Key, number: int) -> bool:
        """Whether a cell does not show a measure because it, or what it is a share of, is hidden."""
        measure = self.plan.measures[number]
        return self.is_hidden(row, column) or (
            measure.kind == "share" and self.is_hidden(*self._base(measure, row, column))
        )

    def value(self, row: Key, column: Key, number: int) -> int | float | None:
        """What a cell shows of a measure: ``None`` where it is hidden, or nothing is known."""
        if self.conceals(row, column, number):
            return None
        figure, measure = self._figure(row, column), self.plan.measures[number]
        if measure.kind == "share":
            return self._share(figure, *self._base(measure, row, column))
        return figure.values[number] if figure.facts else None if measure.kind == "mean" else _NOTHING

    def _base(self, measure: Measure, row: Key, column: Key) -> tuple[Key, Key]:
        return {"row": (row, None), "column": (None, column)}.get(measure.of or "", (None, None))

    def _share(self, figure: Figure, row: Key, column: Key) -> float | None:
        whole = self._figure(row, column).facts
        return round(100 * figure.facts / whole, 2) if whole else None

    def _figure(self, row: Key, column: Key) -> Figure:
        return self.figures.get((row, column)) or Figure(0, 0, ())


def _names(dimensions: Sequence[Dimension]) -> list[str]:
    return [one.name for one in dimensions]


def _of_health(dimensions: Sequence[Dimension]) -> bool:
    return any(one.health for one in dimensions)


def _place(key: Key) -> list[tuple[bool, Any]]:
    """Order of keys: by value, what is unknown last."""
    return [(value is None, 0 if value is None else value) for value in key or ()]
