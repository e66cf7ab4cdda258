"""A report as a file of Rosstat's format, and back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from reporting.engine.cells import Address, Cells, Value, standing
from reporting.engine.definition import FormDefinition
from reporting.exchange.errors import ReportFileError
from reporting.exchange.markup import child, parse, written
from reporting.exchange.template import IDP, form_code, version

PERIOD = f"{IDP:02}01"
"""The one period of an annual form: ``idp`` × 100 + its number."""
_KEYS = ("s1", "s2", "s3")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")


@dataclass(frozen=True)
class ReportFile:
    """What a file says: the reporting year, the title page by field and the cells that are not empty."""

    year: int
    title: Mapping[str, str]
    cells: Cells


def write(form: FormDefinition, report: ReportFile, remarks: Sequence[str] = ()) -> bytes:
    """The file. ``remarks`` become comments: the format has no place for «черновая разметка» in a report.

    Root: ``year``, ``period``, ``version`` equal to the template's; its name and ``code`` are assumed. ``title``: an ``item`` a
    field. ``sections``: a ``section`` with the template's ``code``, a ``row`` for each row and for each line of a repeated one
    (``s1``…``s3``), a ``col`` for each cell that is not empty.
    """
    root = Element(
        "report", {"code": form_code(form), "year": str(report.year), "period": PERIOD, "version": version(form)}
    )
    title = child(root, "title")
    for field, text in report.title.items():
        child(title, "item", name=field, value=text)
    sections, there = child(root, "sections"), standing(report.cells)
    for section in form.sections:
        made = child(sections, "section", code=str(section.xml_code))
        for row in section.rows:
            for keys in section.sheet.lines(row.code, there.get((section.code, row.code), ())):
                line = child(made, "row", None, code=row.code, **dict(zip(_KEYS, keys, strict=False)))
                for column in section.sheet.columns:
                    value = report.cells.get((section.code, row.code, column, *keys))
                    if value is not None:
                        child(line, "col", f"{Decimal(value):f}", code=column)
    return written(root, remarks)


def read(form: FormDefinition, content: bytes) -> ReportFile:
    """What a file of the form says; raises ``ReportFileError``."""
    root = parse(content)
    told = (root.tag, root.get("period"), root.get("version"))
    if told != ("report", PERIOD, version(form)):
        raise ReportFileError("no report of the form's edition")
    year = root.get("year", "")
    if not (year.isascii() and year.isdigit()):
        raise ReportFileError("no year")
    title = {item.get("name", ""): item.get("value", "") for item in root.iterfind("title/item")}
    cells: dict[Address, Value] = {}
    for address, value in _cells(form, root):
        if address in cells:
            raise ReportFileError("a cell given twice")
        cells[address] = value
    return ReportFile(int(year), title, cells)


def _cells(form: FormDefinition, root: Element) -> Iterator[tuple[Address, Value]]:
    sections = {str(section.xml_code): section for section in form.sections}
    for made in root.iterfind("sections/section"):
        section = sections.get(made.get("code", ""))
        if section is None:
            raise ReportFileError("a section the form has not")
        for line in made.iterfind("row"):
            row, keys = line.get("code", ""), tuple(line.get(key, "") for key in _KEYS if key in line.attrib)
            known = section.sheet.repeated.get(row, ())
            fitting = len(keys) == len(known) and all(key in codes for key, codes in zip(keys, known, strict=True))
            if row not in section.sheet.rows or not fitting:
                raise ReportFileError("a row the form has not")
            for cell in line.iterfind("col"):
                if cell.get("code") not in section.sheet.columns:
                    raise ReportFileError("a column the form has not")
                yield (section.code, row, cell.get("code", ""), *keys), _number(cell.text or "")


def _number(text: str) -> Value:
    if not _NUMBER.fullmatch(text):
        raise ReportFileError("not a number")
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value
