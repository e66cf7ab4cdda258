"""A report as a file to download."""

import asyncio
from typing import Any, Literal
from uuid import UUID

from fastapi import Response

from asu_contracts.journal import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from reportkit import xlsx
from reportkit.footer import Footer
from reportkit.pdf import REPORT
from reportkit.sheets import Sheet
from servicekit.http.reports import Format
from servicekit.outward import recording as outward
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
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


async def taken(
    uow: UnitOfWork,
    principal: Principal,
    answer: Response,
    form: FileFormat,
    title: str,
    organization_id: UUID,
    people: int,
) -> Response:
    """A file that tells of people of an organization, on record as it is taken out."""
    await outward.hand_out(
        uow,
        OutwardExchangeRecorded,
        principal,
        bytes(answer.body),
        kind=OutwardKind.TABLE,
        title=title,
        form=form.value,
        persons=people,
        organization_id=organization_id,
        municipality=None,
    )
    return answer
