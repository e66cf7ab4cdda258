"""A counted report as a file to download."""

import asyncio
from typing import Any

from fastapi import Response

from reporting.counted.service import Counted
from reporting.printing import PDF, PRINTER
from reportkit import csv, xlsx
from reportkit.disposition import attachment
from reportkit.footer import Footer
from reportkit.pdf import REPORT
from reportkit.sheets import Section
from reportkit.tables import Cell, Column, Table
from servicekit.http.reports import Format

FILES: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}, xlsx.MEDIA_TYPE: {}, csv.MEDIA_TYPE: {}}}}
"""What the route that gives a report as a file answers with."""
_CELLS = tuple(Column(one) for one in ("Раздел", "Строка", "Графа", "Значение"))


async def as_file(counted: Counted, form: Format, end: Footer) -> Response:
    """A report as a workbook, a document, or a list of its figures."""
    sheet = counted.sheet
    if form is Format.PDF:
        content, media_type = await PRINTER.render(REPORT, sheet.printed(counted.unit), end), PDF
    elif form is Format.XLSX:
        tables = sheet.tables(counted.unit)
        content, media_type = await asyncio.to_thread(lambda: xlsx.render(*tables, footer=end)), xlsx.MEDIA_TYPE
    else:
        rows = [row for section in sheet.sections for row in _figures(section)]
        content, media_type = csv.render(Table(sheet.title, _CELLS, rows), end), csv.MEDIA_TYPE
    name = f"{sheet.title} {sheet.subtitle}.{form.value}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": attachment(name)})


def _figures(section: Section) -> list[tuple[Cell, ...]]:
    """A line a figure: sections have columns of their own, a table has one set of them."""
    named = [number for number, column in enumerate(section.columns) if not column.number]
    shown = [number for number, column in enumerate(section.columns) if column.number]
    found: list[tuple[Cell, ...]] = []
    for row in section.rows:
        name = " · ".join(str(row[number]).strip() for number in named if row[number] is not None)
        found += [(section.title, name, section.columns[number].title, row[number]) for number in shown]
    return found
