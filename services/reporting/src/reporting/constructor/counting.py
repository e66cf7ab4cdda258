"""A plan as one statement: a grouped pass over the facts with all totals as grouping sets.

Fields come from the whitelist, values are bound parameters: nothing a user sends is part of the text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, distinct, func, literal, null, select, tuple_

from reporting.constructor.plan import Measure, Plan
from reporting.constructor.semantics import Dimension, Value
from reporting.engine.counting import Source

Key = tuple[Value, ...] | None
"""Values of a row's or a column's dimensions; ``None``: the total of all of them."""


@dataclass(frozen=True)
class Figure:
    """What a cell counts: facts, whom they tell of, and each measure of the plan (the shares are yet to be taken)."""

    facts: int
    people: int
    values: tuple[Any, ...]


class Count:
    """The statement of a plan, and figures from the rows it gives."""

    def __init__(self, plan: Plan, over: Callable[[frozenset[str]], Source], *, people: bool) -> None:
        """``over`` gives what has the fields that are asked for; ``people``: whether it matters of how many people facts tell."""
        self._plan = plan
        self._subject = plan.dataset.subject if people else None
        self._source = over(plan.fields)
        self._dimensions = (*plan.rows, *plan.columns)

    def statement(self, most: int) -> Select[Any]:
        """Groups of each set, at most ``most`` of them."""
        columns = self._source.columns
        named = {one.name: _expression(one, columns) for one in (*self._dimensions, *self._plan.named)}
        labels = [named[one.name].label(f"dimension_{number}") for number, one in enumerate(self._dimensions)]
        inputs = [self._input(one).label(f"input_{number}") for number, one in enumerate(self._plan.measures)]
        subject = [] if self._subject is None else [self._members[self._subject].label("subject")]
        facts = (
            select(*labels, *inputs, *subject)
            .select_from(self._source.rows)
            .where(self._plan.where.compile(named))
            .subquery("asked")
        )
        by = [facts.c[one.name] for one in labels]
        of_rows, of_columns = by[: len(self._plan.rows)], by[len(self._plan.rows) :]
        sets = {tuple(column.name for column in one): one for one in (by, of_rows, of_columns, [])}
        level = func.grouping(*by) if by else literal(0)
        people = func.count() if self._subject is None else func.count(distinct(facts.c.subject))
        taken = [_taken(one, facts.c[f"input_{number}"]) for number, one in enumerate(self._plan.measures)]
        statement = select(*by, level, func.count(), people, *taken).select_from(facts)
        if by:
            statement = statement.group_by(func.grouping_sets(*(tuple_(*one) for one in sets.values())))
        return statement.limit(most)

    @property
    def _members(self) -> Mapping[str, ColumnElement[Any]]:
        return {str(key): one for key, one in self._source.members.items()}

    def _input(self, measure: Measure) -> ColumnElement[Any]:
        return null() if measure.field is None else {**self._source.columns, **self._members}[measure.field]

    def figures(self, found: Iterable[Sequence[Any]]) -> Mapping[tuple[Key, Key], Figure]:
        """Figures by row and column from the statement's rows."""
        width, rows = len(self._dimensions), len(self._plan.rows)
        figures: dict[tuple[Key, Key], Figure] = {}
        for line in found:
            keys, (level, facts, people, *values) = tuple(line[:width]), line[width:]
            totalled = f"{level:0{width}b}" if width else ""
            row: Key = None if "1" in totalled[:rows] else keys[:rows]
            column: Key = None if "1" in totalled[rows:] else keys[rows:]
            for place in _places(row, column, rows, width - rows):
                figures[place] = Figure(facts, people, tuple(map(_number, values)))
        return figures


def _places(row: Key, column: Key, rows: int, columns: int) -> Iterable[tuple[Key, Key]]:
    """Where a group stands. Without dimensions of rows their only row is also their total; so it is with columns."""
    for one in {row, None} if not rows else {row}:
        for other in {column, None} if not columns else {column}:
            yield one, other


def _expression(dimension: Dimension, columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    column = columns[dimension.field]
    if not dimension.starts:
        return column
    bands = [(column >= start, literal(start, Integer)) for start in sorted(dimension.starts, reverse=True)]
    return case(*bands, else_=cast(null(), Integer))


def _taken(measure: Measure, column: ColumnElement[Any]) -> ColumnElement[Any]:
    match measure.kind:
        case "distinct":
            return func.count(distinct(column))
        case "sum":
            return func.coalesce(func.sum(column), 0)
        case "mean":
            return func.avg(column)
    return func.count()


def _number(value: Any) -> int | float | None:
    """Fractions to a hundredth; whole numbers as they are."""
    if value is None or isinstance(value, int):
        return value
    rounded = round(float(value), 2)
    return int(rounded) if rounded.is_integer() else rounded
