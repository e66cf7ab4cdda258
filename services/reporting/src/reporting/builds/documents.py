"""Cells as a report's document keeps them: by section, row and column; those of a repeated row by its line first."""

from collections.abc import Iterator, Mapping
from typing import Any

from reporting.builds.correction import Number, shown
from reporting.engine.cells import Address, Value, standing
from reporting.engine.definition import FormDefinition

Document = Mapping[str, Mapping[str, Mapping[str, Any]]]
_BETWEEN = "/"
"""Between the keys of a line: no code has it."""


def by_section(form: FormDefinition, cells: Mapping[Address, Value]) -> dict[str, dict[str, dict[str, Any]]]:
    """The document, with empty cells too and with those lines of repeated rows that stand there."""
    there = standing(cells)

    def line(*address: str, keys: tuple[str, ...]) -> dict[str, Number | None]:
        columns = form.layout[address[0]].columns
        return {column: shown(cells.get((*address, column, *keys))) for column in columns}

    return {
        section: {
            row: {
                _BETWEEN.join(keys): line(section, row, keys=keys)
                for keys in sheet.lines(row, there.get((section, row), ()))
            }
            if row in sheet.repeated
            else line(section, row, keys=())
            for row in sheet.rows
        }
        for section, sheet in form.layout.items()
    }


def flat(document: Document) -> Iterator[tuple[Address, Number | None]]:
    """Cells of a document by address, empty ones too."""
    for section, rows in document.items():
        for row, columns in rows.items():
            for code, value in columns.items():
                if isinstance(value, dict):
                    keys = code.split(_BETWEEN)
                    yield from (((section, row, column, *keys), number) for column, number in value.items())
                else:
                    yield (section, row, code), value


def lines_of(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Lines of a repeated row in a document: keys and cells."""
    for code, columns in document.items():
        yield tuple(code.split(_BETWEEN)), columns
