"""Filling an official blank with a report: numbers into its cells, styles, merges and formulas as they are.

Every sheet prints with the footer of regulation 4.5 and the marks of the report; a sheet behind the others says what the form is.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name

from reporting.blanks.errors import BlankError
from reporting.blanks.places import Box, Place, anchor, cell, spread
from reporting.blanks.workbook import Element, Workbook, add, children, insert, made
from reporting.engine.cells import Layout
from reportkit.footer import Footer
from reportkit.inspecting import UNREADABLE
from reportkit.xlsx import page_footer

_ABOUT = "Сведения"
_MOST_HEADER = 200
_AFTER_FOOTER = frozenset(
    {
        *(
            "rowBreaks",
            "colBreaks",
            "customProperties",
            "cellWatches",
            "ignoredErrors",
            "smartTags",
            "drawing",
            "legacyDrawing",
        ),
        *(
            "legacyDrawingHF",
            "drawingHF",
            "picture",
            "oleObjects",
            "controls",
            "webPublishItems",
            "tableParts",
            "extLst",
        ),
    }
)

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Values = Mapping[tuple[str, str, str], int | float | None]
"""A report's numbers by section, row and column; empty ones leave the blank's cell as it is."""


class Blank:
    """A blank and where the sections of an edition stand in it; raises ``BlankError`` for one that cannot be filled.

    Sections whose rows are repeated by keys have no lasting place in a blank: nothing says how many lines there will be.
    """

    def __init__(self, content: bytes, anchors: Mapping[str, str], layout: Layout) -> None:
        placed = {code for code, sheet in layout.items() if not sheet.repeated}
        if set(anchors) != placed:
            raise BlankError(
                "Укажите место каждого раздела формы, строки которого не повторяются по ключам, и только их"
            )
        self._book = Workbook(content)
        self._grids = {name: _Grid(self._book.sheet(name)) for name in self._book.sheets}
        self._places: dict[tuple[str, str, str], tuple[str, Place]] = {}
        for code, text in anchors.items():
            name, first = anchor(text)
            grid = self._grids.get(name)
            if grid is None:
                raise BlankError(f"В книге нет листа «{name}»")
            sheet = layout[code]
            for (row, column), place in spread(code, first, sheet.rows, sheet.columns, grid.merged, grid.used).items():
                self._places[code, row, column] = name, place
        if len(set(self._places.values())) < len(self._places):
            raise BlankError("Места разделов на листе пересекаются")

    def fill(self, values: Values, about: list[str], marks: list[str], footer: Footer) -> bytes:
        """The filled workbook. ``about`` are lines that say what the form is, ``marks`` why it may not be handed in."""
        for grid in self._grids.values():
            grid.forget_results()
        for address, value in values.items():
            if value is not None and address in self._places:
                name, place = self._places[address]
                self._grids[name].put(place, value)
        for grid in self._grids.values():
            grid.print_with(" · ".join([*marks, *about[:1]]), footer)
        self._book.recalculate()
        self._book.add_sheet(_ABOUT, _lines([*marks, *about, "", *footer.lines()], footer))
        return self._book.content()


def require_usable(content: bytes, anchors: Mapping[str, str], layout: Layout) -> None:
    """Raise ``BlankError`` for a blank that cannot be filled: it is filled once, with nothing."""
    try:
        Blank(content, anchors, layout).fill({}, [], [], Footer(datetime(2020, 1, 1, tzinfo=UTC), ""))
    except UNREADABLE:
        raise BlankError("Книга устроена необычно: заполнить её не удалось") from None


class _Grid:
    """The cells of a worksheet."""

    def __init__(self, document: Element) -> None:
        self._root = document.documentElement
        found = children(self._root, "sheetData")
        if len(found) != 1:
            raise BlankError("Книга повреждена, зашифрована или устроена необычно")
        self._data = found[0]
        self._rows: dict[int, Element] = {}
        self._cells: dict[Place, Element] = {}
        try:
            self._read()
            merges = [one for part in children(self._root, "mergeCells") for one in children(part, "mergeCell")]
            self.merged = [Box.parse(one.getAttribute("ref")) for one in merges]
        except ValueError:
            raise BlankError("Книга повреждена, зашифрована или устроена необычно") from None
        ends = [(one.bottom, one.right) for one in self.merged] + list(self._cells)
        self.used = Box(1, 1, max((row for row, _ in ends), default=0), max((column for _, column in ends), default=0))

    def _read(self) -> None:
        last = 0
        for row in children(self._data, "row"):
            last = int(row.getAttribute("r") or last + 1)
            self._rows[last] = row
            column = 0
            for one in children(row, "c"):
                name = one.getAttribute("r")
                place = cell(name) if name else (last, column + 1)
                column = place[1]
                self._cells[place] = one

    def forget_results(self) -> None:
        """Formulas are calculated anew by whoever opens the workbook; what they gave for the empty blank is no result."""
        for one in self._cells.values():
            if children(one, "f"):
                _empty(one)

    def put(self, place: Place, value: float) -> None:
        """Write a number into a cell, which keeps its style; a formula there stays, with the number as its result."""
        found = self._cells.get(place) or self._new(place)
        _empty(found)
        add(found, "v").appendChild(self._root.ownerDocument.createTextNode(repr(value)))

    def _new(self, place: Place) -> Element:
        row = self._rows.get(place[0])
        if row is None:
            row = made(self._data, "row", r=str(place[0]))
            later = min((one for one in self._rows if one > place[0]), default=None)
            self._data.insertBefore(row, None if later is None else self._rows[later])
            self._rows[place[0]] = row
        found = made(row, "c", r=f"{xl_col_to_name(place[1] - 1)}{place[0]}")
        right = min((one for one in self._cells if one[0] == place[0] and one[1] > place[1]), default=None)
        row.insertBefore(found, None if right is None else self._cells[right])
        self._cells[place] = found
        return found

    def print_with(self, header: str, footer: Footer) -> None:
        """Let every printed page carry the marks above and the footer below."""
        for one in children(self._root, "headerFooter"):
            self._root.removeChild(one)
        element = insert(self._root, "headerFooter", _AFTER_FOOTER)
        text = self._root.ownerDocument.createTextNode
        header = header.replace("&", "&&")[:_MOST_HEADER].rstrip("&")
        add(element, "oddHeader").appendChild(text(_NOT_XML.sub("", f"&C&8{header}")))
        add(element, "oddFooter").appendChild(text(_NOT_XML.sub("", page_footer(footer))))


def _empty(one: Any) -> None:
    for part in (*children(one, "v"), *children(one, "is")):
        one.removeChild(part)
    if one.hasAttribute("t"):
        one.removeAttribute("t")


def _lines(lines: list[str], footer: Footer) -> str:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t xml:space="preserve">{escape(_NOT_XML.sub("", text))}</t></is></c></row>'
        for number, text in enumerate(lines, 1)
    )
    page = f"<headerFooter><oddFooter>{escape(_NOT_XML.sub('', page_footer(footer)))}</oddFooter></headerFooter>"
    return f"<sheetData>{rows}</sheetData>{page}"
