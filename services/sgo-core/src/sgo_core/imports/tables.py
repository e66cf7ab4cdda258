"""Reading an uploaded table without trusting it: limits come first, cells after."""

import csv
import io

from reportkit.workbooks import Extent, Fault, Value, WorkbookError, is_workbook, read_workbook
from servicekit.errors import DomainError
from sgo_core.imports.errors import (
    BrokenFileError,
    FormulaError,
    NotATableError,
    SheetTooLargeError,
    UnpackedTooLargeError,
)

Cell = Value
Table = list[list[Cell]]

MAX_ROWS = 10_000
MAX_COLUMNS = 120
_LIMITS = f"Допускается не более {MAX_ROWS} строк и {MAX_COLUMNS} столбцов"


def looks_readable(content: bytes) -> bool:
    """A cheap look at the first bytes: XLSX, or text that may be CSV."""
    return is_workbook(content) or (b"\x00" not in content[:4096] and bool(content.strip()))


def read_table(content: bytes) -> Table:
    """Cells of the first sheet that is shown, or of the CSV, row 1 first. Raises a ``DomainError`` for whatever is not a table."""
    if not is_workbook(content):
        return _read_csv(content)
    try:
        return read_workbook(content, Extent(MAX_ROWS + 1, MAX_COLUMNS))
    except WorkbookError as error:
        raise _refusal(error.fault) from None


def _refusal(fault: Fault) -> DomainError:
    match fault:
        case Fault.NOT_A_WORKBOOK:
            return NotATableError()
        case Fault.BROKEN:
            return BrokenFileError()
        case Fault.UNPACKED:
            return UnpackedTooLargeError()
        case Fault.EXTENT:
            return SheetTooLargeError(_LIMITS)
        case Fault.FORMULA:
            return FormulaError()


def _read_csv(content: bytes) -> Table:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotATableError from None
    if "\x00" in text:
        raise NotATableError
    rows: Table = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True):
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise SheetTooLargeError(_LIMITS)
            rows.append(list(row))
    except csv.Error:
        raise BrokenFileError from None
    return rows
