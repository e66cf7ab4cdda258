"""A report as it is given on screen, as a workbook and as a document: sections of columns and rows, and what the figures mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reportkit import tables
from reportkit.tables import Cell, Kind, Table

_CHARACTER = 2
"""Millimetres that a character takes on paper, about."""
_SHARED = 40
"""Characters of a column that shares the rest of the page."""


@dataclass(frozen=True)
class Column:
    """A column. ``width`` is in millimetres, none of one that shares the rest of the page; ``turned``: its title is written upwards."""

    title: str
    width: int | None = None
    number: bool = False
    turned: bool = False


def figure(title: str, width: int = 16) -> Column:
    """A column of numbers."""
    return Column(title, width, number=True)


def narrow(title: str, width: int = 11) -> Column:
    """A column of short numbers under a long title."""
    return Column(title, width, number=True, turned=True)


@dataclass(frozen=True)
class Section:
    """A table of a report. Numbers have at most two decimals; ``notes`` belong to this section alone."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """A report."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    notes: Sequence[str] = ()
    landscape: bool = field(default=True)

    def shown(self) -> dict[str, Any]:
        """What a client shows on screen: ``servicekit.http.reports.ReportOut`` but for the organization and the footer."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "notes": list(self.notes),
            "sections": [
                {
                    "title": section.title,
                    "columns": [{"title": one.title, "number": one.number} for one in section.columns],
                    "rows": [[_shown(cell) for cell in row] for row in section.rows],
                    "notes": list(section.notes),
                }
                for section in self.sections
            ],
        }

    def printed(self, organization: str) -> dict[str, Any]:
        """What the template ``REPORT`` reads."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "organization": organization,
            "landscape": self.landscape,
            "notes": list(self.notes),
            "sections": [
                {
                    "title": section.title,
                    "columns": [vars(column) for column in section.columns],
                    "rows": [list(row) for row in section.rows],
                    "notes": list(section.notes),
                }
                for section in self.sections
            ],
        }

    def tables(self, organization: str) -> list[Table]:
        """What a workbook holds: a sheet a section, and one that says what the report is."""
        about = [organization, self.title, self.subtitle, *self.notes]
        about += [f"{section.title}: {note}" for section in self.sections for note in section.notes]
        return [
            *(Table(section.title, [_of(one) for one in section.columns], section.rows) for section in self.sections),
            Table("Об отчёте", [tables.Column("Сведения", 100)], [[line] for line in about]),
        ]


def _of(column: Column) -> tables.Column:
    width = _SHARED if column.width is None else max(8, column.width // _CHARACTER)
    return tables.Column(column.title, width, Kind.NUMBER if column.number else Kind.TEXT)


def _shown(cell: Cell) -> Any:
    """A cell as JSON: numbers as numbers."""
    return float(cell) if isinstance(cell, Decimal) else cell
