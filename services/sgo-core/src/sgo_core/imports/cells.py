"""Cells of an uploaded table as text, and what is wrong in them."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from identifiers import InvalidIdentifier
from reportkit.tables import restored
from sgo_core.imports.tables import Cell

_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_LONGEST = 4000


@dataclass(frozen=True)
class RowError:
    """What is wrong in a cell; never what stands in it. ``row`` counts from 1, the header is row 1."""

    row: int
    column: str
    code: str
    title: str


class BadCellError(Exception):
    """A value that cannot be."""

    def __init__(self, code: str, title: str) -> None:
        super().__init__(code)
        self.code = f"imports.row.{code}"
        self.title = title


class Row:
    """One row being read: cells by the titles of its kind's columns; ``errors`` gathers what is wrong.

    ``unit``: what the row is a part of, if its kind has such wholes and the row says which, right or wrong in the rest.
    """

    def __init__(self, number: int, cells: Sequence[Cell], places: Mapping[str, int]) -> None:
        self.number = number
        self._cells = cells
        self._places = places
        self.errors: list[RowError] = []
        self.unit: Hashable | None = None

    def text(self, title: str, width: int = 0) -> str:
        """Text of a cell, empty where there is none; a number that lost its leading zeros gets them back up to ``width``."""
        place = self._places.get(title)
        if place is None or place >= len(self._cells):
            return ""
        cell = self._cells[place]
        text = as_text(cell)
        return text.zfill(width) if text and not isinstance(cell, str) else text

    def has(self, *titles: str) -> bool:
        """Whether any of the cells says something."""
        return any(self.text(title) for title in titles)

    def wrong(self, title: str, error: BadCellError | InvalidIdentifier) -> None:
        """Note an error."""
        if isinstance(error, InvalidIdentifier):
            error = BadCellError(error.code.replace("_", "-"), error.title_ru)
        self.errors.append(RowError(self.number, title, error.code, error.title))


def as_text(cell: Cell | None) -> str:
    """A cell as it would be read aloud: dates as ДД.ММ.ГГГГ, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return restored(" ".join(str(cell).split()))


def line(text: str) -> str:
    """Printable text of a bearable length."""
    if len(text) > _LONGEST or not text.isprintable():
        raise BadCellError("text", "Слишком длинное значение или недопустимые символы")
    return text


def day(text: str) -> date:
    """A date written ДД.ММ.ГГГГ."""
    match = _DATE.fullmatch(text)
    try:
        if match is not None:
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise BadCellError("date", "Неверная дата, нужна в виде ДД.ММ.ГГГГ")
