"""Use cases of lists as files: ordered, made by a run, taken within a day by whoever ordered them."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

from asu_contracts.enrollment import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.exports import lists, repository
from eu_enrollment.exports.errors import NotReadyError, TooLongToPrintError
from eu_enrollment.exports.schemas import ExportIn, Format
from eu_enrollment.printing import PRINTER
from eu_enrollment.runtime import EnrollmentRuntime
from reportkit import csv, xlsx
from reportkit.footer import Footer, Subsystem
from reportkit.tables import Cell, Table
from servicekit import audit, runs, storing
from servicekit.acting import acting, kept, unit_key
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runs import Run, RunContext
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

KIND = "enrollment.export"
MEDIA = {Format.XLSX: xlsx.MEDIA_TYPE, Format.CSV: csv.MEDIA_TYPE, Format.PDF: "application/pdf"}
_LIFE = timedelta(hours=24)
_PRINTED = 3000
"""Rows of a printed list: more takes more memory than a document may have."""


async def order(uow: UnitOfWork, principal: Principal, campaign: Campaign, sent: ExportIn) -> Run:
    """Queue the making of a list; raises ``UnknownListError``."""
    lists.title_of(sent, principal)
    file_id = new_id()
    run = await runs.start(uow, principal, KIND, {"file_id": str(file_id)})
    values = {
        "id": file_id,
        "campaign_id": campaign.id,
        "account_id": principal.account_id,
        "principal": kept(principal),
        "parameters": sent.model_dump(mode="json"),
        "run_id": run.id,
        "ordered_at": uow.now,
    }
    await repository.add(uow.session, values)
    await audit.record(uow, principal, f"export.order.{sent.list}", [])
    return run


async def make(context: RunContext) -> None:
    """Handler of the run: rows page by page, then the file, stored with the run's success."""
    runtime, file_id = cast("EnrollmentRuntime", context.runtime), UUID(context.params["file_id"])
    async with runtime.uow() as uow:
        found = await repository.get(uow.session, file_id)
        assert found is not None
        principal, sent = acting(found.principal), ExportIn.model_validate(found.parameters)
        campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
        made = await lists.make(lists.Order(uow, runtime, principal, campaign, sent))
        rows: list[Sequence[Cell]] = []
        async for page in made.rows:
            rows += page
            if sent.format is Format.PDF and len(rows) > _PRINTED:
                raise TooLongToPrintError
            await context.progress(len(rows), len(rows))
        footer = Footer.by(principal, uow.now.astimezone(uow.clock.zone), Subsystem.EU)
        content = await _written(made, rows, sent.format, footer, campaign)
        sealed = await asyncio.to_thread(runtime.files.encrypt, content, _context(file_id))
        await storing.put(storing.store_of(runtime.settings), _path(file_id), sealed)
        name = f"{made.title} {uow.clock.date_of(uow.now):%d.%m.%Y}.{sent.format}"
        await repository.finish(uow.session, file_id, name, len(rows))
        await context.succeed(uow, {"file_id": str(file_id), "rows": len(rows)})


async def _written(
    made: lists.Made, rows: Sequence[Sequence[Cell]], form: Format, footer: Footer, campaign: Campaign
) -> bytes:
    if form is Format.PDF:
        data = {
            "title": made.title,
            "subtitle": campaign.title,
            "notes": made.notes,
            "columns": [{"title": column.title, "width": column.width} for column in made.columns],
            "rows": rows,
        }
        return await PRINTER.render("list", data, footer)
    table = Table(made.title, made.columns, rows)
    if form is Format.XLSX:
        return await asyncio.to_thread(xlsx.render, table, footer=footer)
    return await asyncio.to_thread(csv.render, table, footer)


async def take(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, file_id: UUID
) -> tuple[str, str, bytes]:
    """The file's name, kind and content, for whoever ordered it in that position; raises ``NotReadyError``."""
    found = await repository.get(uow.session, file_id)
    if (
        found is None
        or found.account_id != principal.account_id
        or unit_key(acting(found.principal)) != unit_key(principal)
    ):
        raise NotFoundError
    sealed = None
    if found.name is not None and found.ordered_at >= uow.now - _LIFE:
        sealed = await storing.get(storing.store_of(runtime.settings), _path(file_id))
    if sealed is None:
        raise NotReadyError
    sent = ExportIn.model_validate(found.parameters)
    await audit.record(uow, principal, f"export.take.{sent.list}", [])
    content = await asyncio.to_thread(runtime.files.decrypt, sealed, _context(file_id))
    campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
    organization_id = principal.unit.organization_id or sent.organization_id
    await outward.hand_out(
        uow,
        OutwardExchangeRecorded,
        principal,
        content,
        kind=OutwardKind.TABLE,
        form=sent.format.value,
        persons=0 if sent.list == lists.PLACES else found.rows,
        organization_id=organization_id,
        municipality=None if organization_id else campaign.municipality,
        title=f"{lists.title_of(sent, principal)}: {campaign.title}",
    )
    return found.name, MEDIA[sent.format], content


async def sweep(runtime: Runtime) -> None:
    """Job: forget files that have lived their day. A file goes before its row: where the store is away, the next turn finds it."""
    async with runtime.uow() as uow:
        outlived = await repository.outlived(uow.session, uow.now - _LIFE)
    store = storing.store_of(runtime.settings)
    for file_id in outlived:
        await storing.remove(store, _path(file_id))
    async with runtime.uow() as uow:
        await repository.forget(uow.session, outlived)


def _path(file_id: UUID) -> str:
    return f"lists/{file_id}"


def _context(file_id: UUID) -> str:
    return f"list-file.{file_id}"
