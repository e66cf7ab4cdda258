"""Looking through an uploaded workbook (XLSX) before anything is made of it: sizes, document types, extents, formulas."""

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO
from xml.parsers import expat

_MAX_UNPACKED = 64 * 1024 * 1024
_MAX_PARTS = 500
_MAX_DEPTH = 64
"""Elements inside each other; no part of a workbook comes near it, and what reads a part by recursion may go no deeper."""
_MAX_TEXT = 32_767
"""Characters a cell holds in Excel."""
_CHUNK = 256 * 1024
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
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError),
    *(RuntimeError, EOFError, ValueError, LookupError, OSError),
)
"""What the libraries raise over bytes in memory that are no workbook: no outage, so trying again would not help."""


class Fault(StrEnum):
    """Why a workbook is not read: no workbook at all, broken or encrypted, too much in it, a sheet too long or too wide, formulas."""

    NOT_A_WORKBOOK = "not_a_workbook"
    BROKEN = "broken"
    UNPACKED = "unpacked"
    EXTENT = "extent"
    FORMULA = "formula"


class WorkbookError(Exception):
    """The workbook is not read; who asked for it knows how to tell that."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Extent:
    """How long and how wide a sheet may be, the header included."""

    rows: int
    columns: int


def is_workbook(content: bytes) -> bool:
    """A cheap look at the first bytes."""
    return content.startswith(_ZIP)


def inspect(content: bytes, extent: Extent, *, formulas: bool = False) -> None:
    """Unpack every part within the limits and look through the sheets, before anything is built from them.

    Raises ``WorkbookError``; ``formulas``: they are let through.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = Counter(part.filename for part in parts)
            if not names.keys() >= _NEEDED:
                raise WorkbookError(Fault.NOT_A_WORKBOOK)
            if len(parts) > _MAX_PARTS or max(names.values()) > 1:
                raise WorkbookError(Fault.BROKEN)
            left = _MAX_UNPACKED
            for part in parts:
                if part.compress_type not in _COMPRESSIONS or part.flag_bits & _ENCRYPTED:
                    raise WorkbookError(Fault.BROKEN)
                with package.open(part) as stream:
                    xml = (
                        _Inspector(extent, formulas=formulas)
                        if part.filename.lower().endswith((".xml", ".rels"))
                        else None
                    )
                    left -= _drain(stream, left, None if xml is None else xml.feed)
                    if xml is not None:
                        xml.end()
    except UNREADABLE:
        raise WorkbookError(Fault.BROKEN) from None


def _drain(stream: IO[bytes], limit: int, feed: Callable[[bytes], object] | None) -> int:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise WorkbookError(Fault.UNPACKED)
        if feed is not None:
            feed(chunk)
    return size


class _Inspector:
    """Streams through a part's XML: document types, long texts and, if it is a sheet wherever it lies, extent and formulas."""

    def __init__(self, extent: Extent, *, formulas: bool) -> None:
        self._extent = extent
        self._formulas = formulas
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._element
        self._parser.EndElementHandler = self._leave
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._sheet = self._holding = False
        self._rows = self._cells = self._length = self._depth = 0

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    def end(self) -> None:
        """The part is over: one that was cut short is broken."""
        self._parser.Parse(b"", True)

    def _leave(self, _name: str) -> None:
        self._depth -= 1

    @staticmethod
    def _doctype(*_: object) -> None:
        raise WorkbookError(Fault.BROKEN)

    def _text(self, text: str) -> None:
        self._length += len(text) if self._holding else 0
        if self._length > _MAX_TEXT:
            raise WorkbookError(Fault.UNPACKED)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise WorkbookError(Fault.BROKEN)
        name = name.rpartition(":")[2]
        if name in _TEXT_HOLDERS:
            self._holding, self._length = True, 0
        if name == "sheetData":
            self._sheet = True
        elif name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            if not attributes.get("Target", "").lower().endswith(".xml"):
                raise WorkbookError(Fault.BROKEN)  # a sheet that would not be looked through
        elif self._sheet:
            self._sheet_element(name, attributes)

    def _sheet_element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "f" and not self._formulas:
            raise WorkbookError(Fault.FORMULA)
        if name == "row":
            self._rows += 1
            self._cells = 0
            number = attributes.get("r", "1")
            if not (number.isascii() and number.isdigit()):
                raise WorkbookError(Fault.BROKEN)
            if self._rows > self._extent.rows or len(number) > _MAX_DIGITS or int(number) > self._extent.rows:
                raise WorkbookError(Fault.EXTENT)
        elif name == "c":
            self._cells += 1
            match = _REFERENCE.fullmatch(attributes.get("r", "A1"))
            if match is None:
                raise WorkbookError(Fault.BROKEN)
            if (
                self._cells > self._extent.columns
                or int(match[2]) > self._extent.rows
                or column_number(match[1]) > self._extent.columns
            ):
                raise WorkbookError(Fault.EXTENT)


def column_number(letters: str) -> int:
    """Number of a column, ``A`` is 1."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
