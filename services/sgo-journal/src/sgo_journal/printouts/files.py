"""A report as a file to download."""

import asyncio
from typing import Any, Literal

from fastapi import Response

from reportkit import xlsx
from reportkit.footer import Footer
from reportkit.pdf import REPORT
from reportkit.sheets import Sheet
from servicekit.http.reports import Format
from sgo_journal.printing import PDF, PRINTER, download

FileFormat = Literal[Format.XLSX, Format.PDF]
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}, xlsx.MEDIA_TYPE: {}}}}
"""What a route that gives a report as a file answers with."""


async def as_file(
    sheet: Sheet, organization: str, name: str, form: FileFormat, end: Footer, template: str = REPORT
) -> Response:
    """A report of an organization, as a workbook or a document called ``name``."""
    if form is Format.XLSX:
        tables = sheet.tables(organization)
        content = await asyncio.to_thread(lambda: xlsx.render(*tables, footer=end))
        return download(content, f"{name}.xlsx", xlsx.MEDIA_TYPE)
    return download(await PRINTER.render(template, sheet.printed(organization), end), f"{name}.pdf")
