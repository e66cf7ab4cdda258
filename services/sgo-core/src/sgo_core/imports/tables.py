"""Reading an uploaded table without trusting it: limits come first, cells after."""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from sgo_core.imports.errors import (
    BrokenFileError,
    FormulaError,
    NotATableError,
    SheetTooLargeError,
    UnpackedTooLargeError,
)

Cell = str | float | int | bool | date | datetime | time | timedelta
Table = list[list[Cell]]

MAX_ROWS = 10_000
MAX_COLUMNS = 120
MAX_UNPACKED = 64 * 1024 * 1024
_MAX_PARTS = 500
_MAX_TEXT = 32_767
"""Characters a cell holds in Excel."""
_CHUNK = 256 * 1024
_SHOWN = SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible
_ZIP = b"PK\x03\x04"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NEEDED = {"[Content_Types].xml", "xl/workbook.xml"}
_LETTERS = 26
_MAX_DIGITS = 9
_TEXT_HOLDERS = frozenset({"si", "c"})
"""Elements a text is counted from: an entry of the shared strings, a cell."""
_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What a spreadsheet is packed with; other decoders have errors of their own kinds."""
_ENCRYPTED = 0x1
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError),
    *(RuntimeError, EOFError, ValueError, LookupError, OSError),
)
"""What the libraries raise over bytes in memory that are no workbook: no outage, so trying again would not help."""


def looks_readable(content: bytes) -> bool:
    """A cheap look at the first bytes: XLSX, or text that may be CSV."""
    return content.startswith(_ZIP) or (b"\x00" not in content[:4096] and bool(content.strip()))


def read_table(content: bytes) -> Table:
    """Cells of the first sheet that is shown, or of the CSV, row 1 first. Raises a ``DomainError`` for whatever is not a table."""
    return _read_xlsx(content) if content.startswith(_ZIP) else _read_csv(content)


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
                raise SheetTooLargeError(_limits())
            rows.append(list(row))
    except csv.Error:
        raise BrokenFileError from None
    return rows


def _read_xlsx(content: bytes) -> Table:
    _inspect(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = book.sheets_metadata
        shown = next((one for one in sheets if (one.typ, one.visible) == _SHOWN), sheets[0])
        return book.get_sheet_by_name(shown.name).to_python(skip_empty_area=False)
    except (CalamineError, *_UNREADABLE):
        raise BrokenFileError from None


def _inspect(content: bytes) -> None:
    """Unpack every part within the limits and look through the sheets, before anything is built from them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = Counter(part.filename for part in parts)
            if not names.keys() >= _NEEDED:
                raise NotATableError
            if len(parts) > _MAX_PARTS or max(names.values()) > 1:
                raise BrokenFileError
            left = MAX_UNPACKED
            for part in parts:
                if part.compress_type not in _COMPRESSIONS or part.flag_bits & _ENCRYPTED:
                    raise BrokenFileError
                with package.open(part) as stream:
                    xml = _Inspector() if part.filename.lower().endswith((".xml", ".rels")) else None
                    left -= _drain(stream, left, None if xml is None else xml.feed)
    except _UNREADABLE:
        raise BrokenFileError from None


def _drain(stream: IO[bytes], limit: int, feed: Callable[[bytes], object] | None) -> int:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise UnpackedTooLargeError
        if feed is not None:
            feed(chunk)
    return size


class _Inspector:
    """Streams through a part's XML: document types, long texts and, if it is a sheet wherever it lies, extent and formulas."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._element
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._sheet = self._holding = False
        self._rows = self._cells = self._length = 0

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    @staticmethod
    def _doctype(*_: object) -> None:
        raise BrokenFileError

    def _text(self, text: str) -> None:
        self._length += len(text) if self._holding else 0
        if self._length > _MAX_TEXT:
            raise UnpackedTooLargeError

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in _TEXT_HOLDERS:
            self._holding, self._length = True, 0
        if name == "sheetData":
            self._sheet = True
        elif name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            if not attributes.get("Target", "").lower().endswith(".xml"):
                raise BrokenFileError  # a sheet that would not be looked through
        elif self._sheet:
            self._sheet_element(name, attributes)

    def _sheet_element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "f":
            raise FormulaError
        if name == "row":
            self._rows += 1
            self._cells = 0
            number = attributes.get("r", "1")
            if not (number.isascii() and number.isdigit()):
                raise BrokenFileError
            if self._rows > MAX_ROWS + 1 or len(number) > _MAX_DIGITS or int(number) > MAX_ROWS + 1:
                raise SheetTooLargeError(_limits())
        elif name == "c":
            self._cells += 1
            match = _REFERENCE.fullmatch(attributes.get("r", "A1"))
            if match is None:
                raise BrokenFileError
            if self._cells > MAX_COLUMNS or int(match[2]) > MAX_ROWS + 1 or _column(match[1]) > MAX_COLUMNS:
                raise SheetTooLargeError(_limits())


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _limits() -> str:
    return f"Допускается не более {MAX_ROWS} строк и {MAX_COLUMNS} столбцов"
