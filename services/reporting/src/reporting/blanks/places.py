"""Where in a sheet the cells of a section stand: from its first cell to the right and down, a merged range being one step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.blanks.errors import BlankError
from reportkit.inspecting import column_number

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_ANCHOR = re.compile(r"(?:'([^']+)'|([^!']+))!([A-Z]{1,3})([1-9][0-9]{0,6})")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

Place = tuple[int, int]
"""Row and column, the first is 1."""


@dataclass(frozen=True)
class Box:
    """A rectangle of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> "Box":
        """``B2:D4`` or ``B2``; raises ``ValueError``."""
        first, _, last = text.partition(":")
        (top, left), (bottom, right) = cell(first), cell(last or first)
        return cls(top, left, bottom, right)

    def holds(self, place: Place) -> bool:
        """Whether a cell is inside."""
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right


def cell(text: str) -> Place:
    """``C12`` as a place; raises ``ValueError``."""
    found = _CELL.fullmatch(text.replace("$", ""))
    if found is None:
        raise ValueError("no cell")
    return int(found[2]), column_number(found[1])


def anchor(text: str) -> tuple[str, Place]:
    """``Лист3!C12`` as a sheet's name and a place; raises ``BlankError``."""
    found = _ANCHOR.fullmatch(text)
    if found is None:
        raise BlankError("Привязка раздела записывается как Лист3!C12")
    place = int(found[4]), column_number(found[3])
    if place[0] > LAST_ROW or place[1] > LAST_COLUMN:
        raise BlankError(f"Ячейки {found[3]}{found[4]} нет ни на одном листе Excel")
    return found[1] or found[2], place


def spread(
    code: str, first: Place, rows: Sequence[str], columns: Sequence[str], merged: Sequence[Box], used: Box
) -> Mapping[tuple[str, str], Place]:
    """Place of each cell of section ``code``, by row and column codes.

    ``used``: what the sheet has at all. Raises ``BlankError`` for a section that does not fit, or meets a merged range inside.
    """
    lines = _steps(first, len(rows), merged, down=True)
    ranks = _steps(first, len(columns), merged, down=False)
    places: dict[tuple[str, str], Place] = {}
    for row, line in zip(rows, lines, strict=True):
        for column, rank in zip(columns, ranks, strict=True):
            place = line, rank
            if not used.holds(place):
                raise BlankError(f"Раздел {code} не помещается на листе: строки {row}, графы {column} на нём нет")
            around = next((one for one in merged if one.holds(place)), None)
            if around is not None and (around.top, around.left) != place:
                raise BlankError(f"Раздел {code}, строка {row}, графа {column}: ячейка внутри объединённых")
            places[row, column] = place
    return places


def _steps(first: Place, count: int, merged: Sequence[Box], *, down: bool) -> list[int]:
    found: list[int] = []
    row, column = first
    for _ in range(count):
        found.append(row if down else column)
        around = next((one for one in merged if one.holds((row, column))), None)
        if down:
            row = (around.bottom if around else row) + 1
        else:
            column = (around.right if around else column) + 1
    return found
