"""What a query is answered with: a table of lines, a pivot, or the series of a chart; each says what was hidden."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from reporting.constructor.counting import Key
from reporting.constructor.pivot import Pivot
from reporting.constructor.query import View
from reporting.constructor.semantics import Dimension, Value
from reporting.constructor.suppression import THRESHOLD

TOTAL = "Всего"
Number = int | float | None


class Head(BaseModel):
    """A value of a dimension with its title."""

    value: Value
    title: str


class Cell(BaseModel):
    """What is counted. ``hidden``: it is there and not shown; otherwise an empty value is not known."""

    value: Number
    hidden: bool = False


class ColumnHead(BaseModel):
    """A column of a table: a dimension or a measure."""

    kind: Literal["dimension", "measure"]
    title: str


class TableLine(BaseModel):
    """A line: values of all dimensions, then all measures. The total of everything has no values."""

    heads: list[Head]
    cells: list[Cell]


class Table(BaseModel):
    """A line for each combination of the dimensions' values that occurs, or must not tell whether it does; ``total`` is of all."""

    kind: Literal["table"] = "table"
    columns: list[ColumnHead]
    lines: list[TableLine]
    total: list[Cell] | None


class PivotTable(BaseModel):
    """``cells`` by row, column and measure; totals, if asked for, beside them."""

    kind: Literal["pivot"] = "pivot"
    row_titles: list[str]
    column_titles: list[str]
    measures: list[str]
    rows: list[list[Head]]
    columns: list[list[Head]]
    cells: list[list[list[Cell]]]
    row_totals: list[list[Cell]] | None
    column_totals: list[list[Cell]] | None
    total: list[Cell] | None


class Series(BaseModel):
    """A line or a set of bars: a cell for each category."""

    title: str
    data: list[Cell]


class Chart(BaseModel):
    """Ready to be drawn: categories are the rows, series the columns and measures."""

    kind: Literal["chart"] = "chart"
    chart: Literal["bar", "line", "pie"]
    categories: list[str]
    series: list[Series]


Laid = Annotated[Table | PivotTable | Chart, Field(discriminator="kind")]


class Hidden(BaseModel):
    """What was hidden, and why: counts of people from 1 (of health, from 0) to ``threshold`` - 1, and what would tell them."""

    cells: int
    threshold: int | None
    notice: str | None


class Answer(BaseModel):
    """An answer to a query: of whom, as of when, how many rows the limit left out."""

    dataset: str
    unit_name: str
    organization_id: UUID | None
    municipality: str | None
    since: date | None
    as_of: date
    known_at: datetime | None
    conditions: bool
    cut: int
    hidden: Hidden
    result: Laid


def laid(pivot: Pivot, view: View, names: dict[str, str]) -> Table | PivotTable | Chart:
    """A pivot as it was asked for; ``names`` are titles of organizations."""
    layout = _Layout(pivot, names)
    if view.kind == "table":
        return layout.table()
    return layout.pivot() if view.kind == "pivot" else layout.chart(view)


def concealed(pivot: Pivot, *, guarded: bool) -> Hidden:
    """What of a pivot is hidden from who may not see small counts (``guarded``)."""
    if not guarded or not pivot.plan.dataset.people:
        return Hidden(cells=0, threshold=None, notice=None)
    count = len(pivot.hidden)
    least = 0 if pivot.plan.health else 1
    notice = (
        f"Числа от {least} до {THRESHOLD - 1} и те, по которым их можно вычислить, скрыты: ячеек {count}"
        if count
        else None
    )
    return Hidden(cells=count, threshold=THRESHOLD, notice=notice)


class _Layout:
    def __init__(self, pivot: Pivot, names: dict[str, str]) -> None:
        self._pivot = pivot
        self._plan = pivot.plan
        self._names = names

    def table(self) -> Table:
        pivot, plan = self._pivot, self._plan
        dimensions = (*plan.rows, *plan.columns)
        lines = [
            TableLine(
                heads=[*self._heads(plan.rows, row), *self._heads(plan.columns, column)], cells=self._cells(row, column)
            )
            for row in pivot.rows
            for column in pivot.columns
            if (row, column) in pivot.figures or pivot.is_hidden(row, column)
        ]
        heads = [ColumnHead(kind="dimension", title=one.title) for one in dimensions]
        heads += [ColumnHead(kind="measure", title=one.title) for one in plan.measures]
        return Table(columns=heads, lines=lines, total=self._cells(None, None) if pivot.totals and dimensions else None)

    def pivot(self) -> PivotTable:
        pivot, plan = self._pivot, self._plan
        return PivotTable(
            row_titles=[one.title for one in plan.rows],
            column_titles=[one.title for one in plan.columns],
            measures=[one.title for one in plan.measures],
            rows=[self._heads(plan.rows, row) for row in pivot.rows],
            columns=[self._heads(plan.columns, column) for column in pivot.columns],
            cells=[[self._cells(row, column) for column in pivot.columns] for row in pivot.rows],
            row_totals=[self._cells(row, None) for row in pivot.rows] if pivot.row_totals else None,
            column_totals=[self._cells(None, column) for column in pivot.columns] if pivot.column_totals else None,
            total=self._cells(None, None) if pivot.totals else None,
        )

    def chart(self, view: View) -> Chart:
        pivot, plan = self._pivot, self._plan
        series = [
            Series(
                title=self._series_title(column, measure.title),
                data=[self._cell(row, column, number) for row in pivot.rows],
            )
            for column in pivot.columns
            for number, measure in enumerate(plan.measures)
        ]
        categories = [self._joined(plan.rows, row) for row in pivot.rows]
        return Chart(chart=view.chart, categories=categories, series=series)

    def _series_title(self, column: Key, measure: str) -> str:
        if not self._plan.columns:
            return measure
        title = self._joined(self._plan.columns, column)
        return title if len(self._plan.measures) == 1 else f"{title}: {measure}"

    def _joined(self, dimensions: tuple[Dimension, ...], key: Key) -> str:
        return ", ".join(head.title for head in self._heads(dimensions, key))

    def _heads(self, dimensions: tuple[Dimension, ...], key: Key) -> list[Head]:
        return [
            Head(value=value, title=self._title(one, value)) for one, value in zip(dimensions, key or (), strict=True)
        ]

    def _title(self, dimension: Dimension, value: Value) -> str:
        if dimension.name == "organization" and value is not None:
            return self._names.get(str(value), str(value))
        return dimension.shown(value)

    def _cells(self, row: Key, column: Key) -> list[Cell]:
        return [self._cell(row, column, number) for number in range(len(self._plan.measures))]

    def _cell(self, row: Key, column: Key, number: int) -> Cell:
        value = self._pivot.value(row, column, number)
        return Cell(value=value, hidden=value is None and self._pivot.conceals(row, column, number))
