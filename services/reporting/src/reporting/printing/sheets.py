"""A report of tables as a file to download: a workbook, a document, or a list of its figures."""

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from reporting.printing import PDF, PRINTER
from reportkit import csv, xlsx
from reportkit.disposition import attachment
from reportkit.footer import Footer
from reportkit.pdf import REPORT
from reportkit.sheets import Section, Sheet
from reportkit.tables import Cell, Column, Table
from servicekit.http.reports import Format

FILES: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}, xlsx.MEDIA_TYPE: {}, csv.MEDIA_TYPE: {}}}}
"""What the route that gives a report as a file answers with."""
_CELLS = tuple(Column(one) for one in ("Раздел", "Строка", "Графа", "Значение"))


@dataclass(frozen=True)
class File:
    """A file that is handed out."""

    content: bytes
    media_type: str
    title: str
    form: Format

    def answer(self) -> Response:
        """The file over HTTP."""
        return Response(
            self.content,
            media_type=self.media_type,
            headers={"Content-Disposition": attachment(f"{self.title}.{self.form.value}")},
        )


async def as_file(sheet: Sheet, unit: str, form: Format, end: Footer) -> File:
    """A unit's report with the footer of regulation 4.5; ``form`` is any but JSON."""
    if form is Format.PDF:
        content, media_type = await PRINTER.render(REPORT, sheet.printed(unit), end), PDF
    elif form is Format.XLSX:
        tables = sheet.tables(unit)
        content, media_type = await asyncio.to_thread(lambda: xlsx.render(*tables, footer=end)), xlsx.MEDIA_TYPE
    else:
        rows = [row for section in sheet.sections for row in _figures(section)]
        content, media_type = csv.render(Table(sheet.title, _CELLS, rows), end), csv.MEDIA_TYPE
    return File(content, media_type, f"{sheet.title} {sheet.subtitle}", form)


def _figures(section: Section) -> list[tuple[Cell, ...]]:
    """A line a figure: sections have columns of their own, a table has one set of them."""
    named = [number for number, column in enumerate(section.columns) if not column.number]
    shown = [number for number, column in enumerate(section.columns) if column.number]
    found: list[tuple[Cell, ...]] = []
    for row in section.rows:
        name = " · ".join(str(row[number]).strip() for number in named if row[number] is not None)
        found += [(section.title, name, section.columns[number].title, row[number]) for number in shown]
    return found
