"""A section compiled to one SELECT: a cell counts facts that pass the section's, the row's and the column's filters.

Values of filters are bound parameters, fields come from the whitelist: no text of a definition reaches the statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, distinct, func, select

from reporting.engine.cells import Address, Value
from reporting.engine.definition import Measure, Section
from reporting.engine.filters import Columns


@dataclass(frozen=True)
class Source:
    """Facts to count over, one row a placement: where they are, the fields' expressions and the class's key."""

    rows: FromClause
    columns: Columns
    klass: ColumnElement[Any]


@dataclass(frozen=True)
class Count:
    """A section's statement; ``addresses`` name the cells of its one row, in order."""

    statement: Select[Any]
    addresses: tuple[Address, ...]

    def cells(self, row: tuple[Any, ...]) -> Mapping[Address, Value]:
        """Cells from the statement's row."""
        return dict(zip(self.addresses, row, strict=True))


def compile_section(section: Section, source: Source) -> Count | None:
    """The statement that counts a section; ``None`` when all of it is filled by hand."""
    closed = set(section.closed_cells())
    columns = {column.code: column.filter.compile(source.columns) for column in section.columns}
    found: dict[Address, ColumnElement[Any]] = {}
    for row in section.rows:
        if row.measure is None:
            continue
        passed = row.filter.compile(source.columns)
        for code, matched in columns.items():
            address = (section.code, row.code, code)
            if address not in closed:
                found[address] = _aggregate(row.measure, source).filter(and_(passed, matched))
    if not found:
        return None
    labelled = [cell.label(f"c{number}") for number, cell in enumerate(found.values())]
    statement = select(*labelled).select_from(source.rows).where(section.filter.compile(source.columns))
    return Count(statement, tuple(found))


def _aggregate(measure: Measure, source: Source) -> Any:
    match measure:
        case "count(learner)":
            return func.count()
        case "count(klass)":
            return func.count(distinct(source.klass))
