"""A workbook that is changed part by part: what is not touched stays to the byte, and equal changes make equal files.

The XML is changed in place, because a library that reads a workbook into its own model and writes it anew loses what it does not
know: official blanks have conditional formats, checks, drawings, settings of printing.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any
from xml.dom import minidom

from reporting.blanks.errors import BlankError
from reportkit.inspecting import UNREADABLE, Extent, Fault, WorkbookError, inspect

_EXTENT = Extent(rows=5_000, columns=400)
_MOST_XML = 6 * 1024 * 1024
"""Bytes of the XML of all sheets, and of any other part that is changed: read whole, it takes some thirty times as much."""
_MADE_AT = (1980, 1, 1, 0, 0, 0)
_FAULTS = {
    Fault.NOT_A_WORKBOOK: "Это не книга Excel (XLSX)",
    Fault.BROKEN: "Книга повреждена, зашифрована или устроена необычно",
    Fault.UNPACKED: "Книга слишком велика в распакованном виде",
    Fault.EXTENT: f"Лист длиннее {_EXTENT.rows} строк или шире {_EXTENT.columns} граф",
    Fault.FORMULA: "Книга повреждена",
}
_ALIVE = re.compile(
    r"vbaproject|macrosheets/|dialogsheets/|activex/|embeddings/|ctrlprops/|externallinks/|connections\.xml|querytables/|pivotcache/"
)
_OUTSIDE = re.compile(
    r"\[[0-9]+\]|\||\b(?:WEBSERVICE|HYPERLINK|IMAGE|RTD|CALL|REGISTER|REGISTER\.ID|EXEC)\s*\(", re.IGNORECASE
)
"""In a formula: another workbook, a program (DDE), an address."""
_FORMULAS = ("f", "formula", "formula1", "formula2", "definedName")
"""Elements that hold formulas: of cells, conditional formats, checks of what is entered, names."""
_TYPES, _BOOK = "[Content_Types].xml", "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_AFTER_CALCULATION = frozenset(
    {
        "oleSize",
        "customWorkbookViews",
        "pivotCaches",
        "smartTagPr",
        "smartTagTypes",
        "webPublishing",
        "fileRecoveryPr",
        "extLst",
    }
)

Element = Any
"""A node of ``minidom``, which has no types worth naming."""


class Workbook:
    """An inspected workbook; raises ``BlankError`` for one with macros, links to the outside, or made to hurt."""

    def __init__(self, content: bytes) -> None:
        try:
            inspect(content, _EXTENT, formulas=True)
        except WorkbookError as error:
            raise BlankError(_FAULTS[error.fault]) from None
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self._parts = {one.filename: package.read(one) for one in package.infolist() if not one.is_dir()}
        self._changed: dict[str, Element] = {}
        self._refuse_what_is_alive()
        self.sheets = dict(self._named())
        if sum(len(self._parts[path]) for path in self.sheets.values()) > _MOST_XML:
            raise BlankError(_FAULTS[Fault.UNPACKED])
        for path in (_BOOK, *self.sheets.values()):
            _refuse_outside(self._document(path))

    def sheet(self, name: str) -> Element:
        """The document of a worksheet, to be read and changed; raises ``BlankError``."""
        if name not in self.sheets:
            raise BlankError(f"В книге нет листа «{name}»")
        return self._document(self.sheets[name])

    def add_sheet(self, name: str, data: str) -> None:
        """Add a worksheet behind the others; ``data`` is its ``sheetData`` and what follows, in the main namespace."""
        name = next(one for one in (name, *(f"{name} {number}" for number in range(2, 1000))) if one not in self.sheets)
        number = len(self.sheets) + 1
        path = next(
            one for one in (f"xl/worksheets/asu{n}.xml" for n in range(number, 10_000)) if one not in self._parts
        )
        self._parts[path] = (
            f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{data}</worksheet>'.encode()
        )
        book, relations, types = (self._document(one) for one in (_BOOK, _RELATIONS, _TYPES))
        taken = {one.getAttribute("Id") for one in children(relations.documentElement, "Relationship")}
        key = next(one for one in (f"rIdAsu{n}" for n in range(len(taken) + 1)) if one not in taken)
        add(relations.documentElement, "Relationship", Id=key, Type=f"{_OFFICE}/worksheet", Target=f"/{path}")
        add(types.documentElement, "Override", PartName=f"/{path}", ContentType=_SHEET_TYPE)
        (sheets,) = children(book.documentElement, "sheets")
        ids = [int(one.getAttribute("sheetId")) for one in children(sheets, "sheet")]
        entry = add(sheets, "sheet", sheetId=str(max(ids) + 1))
        entry.setAttribute("name", name)
        entry.setAttribute("xmlns:asu", _OFFICE)
        entry.setAttribute("asu:id", key)
        self.sheets[name] = path

    def recalculate(self) -> None:
        """Let whoever opens the workbook calculate its formulas anew."""
        root = self._document(_BOOK).documentElement
        found = children(root, "calcPr") or [insert(root, "calcPr", _AFTER_CALCULATION)]
        found[0].setAttribute("fullCalcOnLoad", "1")

    def content(self) -> bytes:
        """The workbook's bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for path, part in self._parts.items():
                document = self._changed.get(path)
                written = part if document is None else document.toxml(encoding="UTF-8")
                package.writestr(zipfile.ZipInfo(path, _MADE_AT), written, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    def _document(self, path: str) -> Element:
        if path not in self._changed:
            if len(self._parts.get(path, b"")) > _MOST_XML:
                raise BlankError(_FAULTS[Fault.UNPACKED])
            self._changed[path] = _parsed(self._parts[path])
        return self._changed[path]

    def _refuse_what_is_alive(self) -> None:
        if any(_ALIVE.search(path.lower()) for path in self._parts) or b"macroEnabled" in self._parts[_TYPES]:
            raise BlankError("В бланке не должно быть макросов, встроенных объектов и связей с другими файлами")
        for path in self._parts:
            if not path.endswith(".rels"):
                continue
            for one in children(_parsed(self._parts[path]).documentElement, "Relationship"):
                outside = one.getAttribute("TargetMode") == "External"
                if outside and not one.getAttribute("Type").endswith("/hyperlink"):
                    raise BlankError("В бланке не должно быть связей с другими файлами")

    def _named(self) -> Iterator[tuple[str, str]]:
        if _RELATIONS not in self._parts:
            raise BlankError(_FAULTS[Fault.BROKEN])
        related = {
            one.getAttribute("Id"): one
            for one in children(_parsed(self._parts[_RELATIONS]).documentElement, "Relationship")
        }
        root = _parsed(self._parts[_BOOK]).documentElement
        for sheets in children(root, "sheets"):
            for one in children(sheets, "sheet"):
                relation = related.get(one.getAttributeNS(_OFFICE, "id"))
                if relation is None or not relation.getAttribute("Type").endswith("/worksheet"):
                    continue
                target = relation.getAttribute("Target")
                path = normpath(target.lstrip("/") if target.startswith("/") else join(dirname(_BOOK), target))
                if path not in self._parts:
                    raise BlankError(_FAULTS[Fault.BROKEN])
                yield one.getAttribute("name"), path


def _parsed(content: bytes) -> Element:
    try:
        return minidom.parseString(content)  # noqa: S318 - inspected before: no document types, so no entities
    except UNREADABLE:
        raise BlankError(_FAULTS[Fault.BROKEN]) from None


def children(parent: Element, name: str) -> list[Element]:
    """Child elements of a name, whatever the prefix."""
    return [one for one in parent.childNodes if one.nodeType == one.ELEMENT_NODE and one.localName == name]


def made(parent: Element, name: str, **attributes: str) -> Element:
    """A new element under the parent's prefix, not put anywhere yet."""
    prefix = f"{parent.prefix}:" if parent.prefix else ""
    element = parent.ownerDocument.createElementNS(parent.namespaceURI, f"{prefix}{name}")
    for key, value in attributes.items():
        element.setAttribute(key, value)
    return element


def add(parent: Element, name: str, **attributes: str) -> Element:
    """A new last child."""
    return parent.appendChild(made(parent, name, **attributes))


def insert(parent: Element, name: str, before: frozenset[str]) -> Element:
    """A new child in front of the first of some names, else the last: parts of a sheet and a book have their order."""
    place = next((one for one in parent.childNodes if getattr(one, "localName", None) in before), None)
    return parent.insertBefore(made(parent, name), place)


def _refuse_outside(document: Element) -> None:
    for name in _FORMULAS:
        for one in document.getElementsByTagNameNS("*", name):
            if _OUTSIDE.search("".join(part.data for part in one.childNodes if part.nodeType == part.TEXT_NODE)):
                raise BlankError(
                    "В бланке не должно быть формул, которые обращаются к другим файлам, программам и адресам"
                )
