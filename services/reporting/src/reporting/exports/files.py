"""A stored report as a file: the same bytes for the same report, format, footer and blank, so that an exchange can be made again."""

import asyncio
from enum import StrEnum
from typing import Any

from reporting.blanks import service as blanks
from reporting.builds import service as builds
from reporting.builds.canonical import canonical
from reporting.builds.schemas import Report
from reporting.engine.definition import FormDefinition
from reporting.engine.section import DRAFT
from reporting.exchange import report_file
from reporting.exchange.report_file import ReportFile
from reporting.exchange.template import TITLE
from reporting.exports import flat, pages, xlsx
from reporting.printing import PDF, PRINTER
from reportkit.csv import MEDIA_TYPE as CSV
from reportkit.footer import Footer
from reportkit.xlsx import MEDIA_TYPE as XLSX


class Format(StrEnum):
    """What a report is written as."""

    XLSX = "xlsx"
    PDF = "pdf"
    CSV = "csv"
    XML = "xml"
    JSON = "json"
    """The canonical bytes, to be signed."""


MEDIA_TYPES = {
    Format.XLSX: XLSX,
    Format.PDF: PDF,
    Format.CSV: CSV,
    Format.XML: "application/xml",
    Format.JSON: "application/json",
}


async def make(row: Any, form: Format, footer: Footer, blank: Any = None) -> tuple[bytes, Any]:
    """The file's bytes, and the id of the blank they were written into, if into one.

    ``blank``: an official one (XLSX), used where it fits the text the report was built by.
    """
    report = Report.of(row)
    match form:
        case Format.XLSX:
            return await asyncio.to_thread(_workbook, row, report, footer, blank)
        case Format.PDF:
            return await PRINTER.render("form", pages.printed(report), footer), None
        case Format.CSV:
            return flat.render(report, footer), None
        case Format.JSON:
            return canonical(row), None
    return _in_rosstats_format(row, report), None


def name_of(row: Any, form: Format) -> str:
    """The name of a report's file."""
    return f"{row.form}-{row.as_of:%Y%m%d}.{form}"


def _workbook(row: Any, report: Report, footer: Footer, blank: Any) -> tuple[bytes, Any]:
    if blank is not None:
        definition = FormDefinition.model_validate(row.definition)
        content = blanks.filled(blank, definition, report, footer)
        if content is not None:
            return content, blank.id
    return xlsx.render(report, footer), None


def _in_rosstats_format(row: Any, report: Report) -> bytes:
    title = dict.fromkeys(TITLE, "") | {"name": report.unit_name}
    remarks = [mark for mark in (DRAFT if report.status == "assumed" else None, report.notice) if mark]
    told = ReportFile(report.as_of.year, title, builds.cells_of(row))
    return report_file.write(FormDefinition.model_validate(row.definition), told, remarks)
