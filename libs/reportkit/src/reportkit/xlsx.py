"""Tables as XLSX workbooks: to download, to print, to fill in and send back."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import zip_longest
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reportkit.footer import Footer
from reportkit.sheet_names import free_name
from reportkit.tables import Cell, Column, Kind, Table, safe

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
METADATA_SHEET = "_template"
"""The hidden sheet of names and values that say which template a workbook was made from."""
LAST_ROW = 1_048_575

_LISTS_SHEET = "_lists"
_FOOTER_LIMIT = 240  # Excel refuses page footers over 255 characters
_HINT_LIMIT = 255
_IN_MEMORY_ROWS = 2_000
_NO_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)  # equal tables are equal files, and the writer would put the clock in
_EXCEL_BEGINS = date(1900, 1, 1)
_FORMATS = {Kind.TEXT: "@", Kind.DATE: "dd.mm.yyyy", Kind.NUMBER: "General"}


def new_workbook(buffer: BinaryIO, footer: Footer | None = None, *, title: str = "", large: bool = False) -> Any:
    """An empty workbook that takes no text for a formula, a link or a number. A ``large`` one keeps no row in memory."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options | {"constant_memory" if large else "in_memory": True})
    made_at = footer.printed_at if footer else _NO_MOMENT
    book.set_properties(
        {
            "title": safe(title),
            "comments": " · ".join(footer.lines()) if footer else "",
            "created": made_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    return book


def new_sheet(book: Any, name: str, footer: Footer | None = None) -> Worksheet:
    """A sheet that prints on landscape A4, fitted to the width, with the page footer of regulation 4.5.

    ``name`` may be any text: the sheet gets the nearest to it that Excel takes and the book does not have.
    """
    taken = [METADATA_SHEET, _LISTS_SHEET, *(one.name for one in book.worksheets())]
    sheet = book.add_worksheet(free_name(name, taken))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if footer:
        sheet.set_footer(page_footer(footer))
    return sheet


def page_footer(footer: Footer) -> str:
    """The footer in Excel's page footer language, for every printed page."""
    text = " · ".join(footer.lines())
    while len(text) + text.count("&") > _FOOTER_LIMIT:
        text = text[:-1]
    return f"&L&8{text.replace('&', '&&')}&R&8&P/&N"


def render(
    *tables: Table, footer: Footer | None = None, ending: bool = True, metadata: Mapping[str, str] | None = None
) -> bytes:
    """A workbook, one sheet a table: titles in the first row, frozen and filtered, rows below.

    With ``footer`` every printed page carries it, and so does the end of each sheet unless ``ending`` is off: for a file
    that is read back. ``metadata`` goes to a hidden sheet.
    """
    buffer = BytesIO()
    large = any(not isinstance(table.rows, Sequence) or len(table.rows) > _IN_MEMORY_ROWS for table in tables)
    with new_workbook(buffer, footer, title=tables[0].name, large=large) as book:
        writer = _Writer(book, footer)
        for table in tables:
            writer.sheet(table, ending=ending)
        writer.lists()
        if metadata:
            writer.metadata(metadata)
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, footer: Footer | None) -> None:
        self._book = book
        self._footer = footer
        self._head = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
                "bg_color": "#DDE7F0",
            }
        )
        self._small = book.add_format({"font_size": 8, "italic": True})
        self._formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        self._lists: list[Sequence[str]] = []

    def sheet(self, table: Table, *, ending: bool) -> None:
        sheet = new_sheet(self._book, table.name, self._footer)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        for number, column in enumerate(table.columns):
            self._column(sheet, number, column)
        line = 0
        for line, row in enumerate(table.rows, 1):
            for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                self._cell(sheet, line, number, column.kind, value)
        sheet.autofilter(0, 0, line, len(table.columns) - 1)
        if self._footer and ending:
            for number, text in enumerate(self._footer.lines(), line + 2):
                sheet.write_string(number, 0, safe(text), self._small)

    def lists(self) -> None:
        """The hidden sheet of allowed values: a list of any length fits there, one in the cell's rule does not."""
        if not self._lists:
            return
        sheet = self._book.add_worksheet(_LISTS_SHEET)
        sheet.very_hidden()
        for line, values in enumerate(zip_longest(*self._lists)):
            for number, value in enumerate(values):
                if value is not None:
                    sheet.write_string(line, number, safe(value))

    def metadata(self, metadata: Mapping[str, str]) -> None:
        sheet = self._book.add_worksheet(METADATA_SHEET)
        sheet.very_hidden()
        for line, pair in enumerate(metadata.items()):
            for number, text in enumerate(pair):
                sheet.write_string(line, number, safe(text))

    def _column(self, sheet: Worksheet, number: int, column: Column) -> None:
        sheet.set_column(number, number, column.width, self._formats[column.kind])
        sheet.write_string(0, number, safe(column.title), self._head)
        if column.hint:
            sheet.write_comment(0, number, column.hint, {"x_scale": 2, "author": ""})
        if column.choices:
            name = xl_col_to_name(len(self._lists), col_abs=True)
            self._lists.append(column.choices)
            rule = {
                "validate": "list",
                "source": f"='{_LISTS_SHEET}'!{name}$1:{name}${len(column.choices)}",
                "error_title": "Значение не из списка",
                "error_message": f"Выберите значение из списка: {column.title}"[:_HINT_LIMIT],
            }
            sheet.data_validation(1, number, LAST_ROW, number, rule)

    def _cell(self, sheet: Worksheet, line: int, number: int, kind: Kind, value: Cell) -> None:
        style = self._formats[kind]
        match value:
            case None | "":
                pass
            case str():
                sheet.write_string(line, number, safe(value), style)
            case bool():
                sheet.write_string(line, number, "да" if value else "нет", style)
            case date() if value < _EXCEL_BEGINS:
                sheet.write_string(line, number, f"{value:%d.%m.%Y}", style)
            case date():
                sheet.write_datetime(line, number, value, self._formats[Kind.DATE])
            case _:
                sheet.write_number(line, number, value, style)
