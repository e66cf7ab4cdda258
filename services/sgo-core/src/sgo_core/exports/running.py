"""Making an export: its rows are gathered page by page, each page's people go to the audit trail, the file is sealed."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from reportkit import csv, xlsx
from reportkit.footer import Footer
from reportkit.tables import Cell, Table
from servicekit import audit
from servicekit.acting import acting
from servicekit.runs import RunContext
from sgo_core.exports import files, repository
from sgo_core.exports.kinds import Item, Line, Scope
from sgo_core.exports.model import Export
from sgo_core.exports.registry import KINDS, WHOLE
from sgo_core.exports.service import FOLDER
from sgo_core.exports.whole import make_whole


async def run_export(context: RunContext) -> None:
    """Make a queued export; a run that was cut short begins anew."""
    async with context.runtime.uow() as uow:
        export = await repository.get(uow.session, UUID(context.params["export_id"]))
        assert export is not None
        scope = Scope(acting(export.principal), export.organization_id, export.day, frozenset(export.fields))
        footer = Footer.by(scope.principal, uow.now.astimezone(uow.clock.zone))
        uow.session.expunge(export)
    if export.kind == WHOLE:
        content, rows = await make_whole(context, scope, export.subjects, export.purpose)
    else:
        content, rows = await _make_table(context, export, scope, footer)
    runtime = context.runtime
    with content:
        digest = await asyncio.to_thread(_digest, content)
        await files.save(runtime, FOLDER, export.id, content)
    async with runtime.uow() as uow:
        made = {"state": "ready", "ready_at": uow.now, "row_count": rows, "sha256": digest}
        await repository.finish(uow.session, export.id, made)
        await context.succeed(uow, {"export_id": str(export.id), "rows": rows})


def _digest(content: BinaryIO) -> str:
    digest = sha256()
    while piece := content.read(1024 * 1024):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


async def _make_table(context: RunContext, export: Export, scope: Scope, footer: Footer) -> tuple[BinaryIO, int]:
    kind = KINDS[export.kind]
    items = [one for one in kind.offered(scope.audience) if one.name in scope.fields]
    rows: list[Sequence[Cell]] = []
    async with context.runtime.uow() as uow:
        async for page in kind.rows(uow, scope):
            rows += [_row(items, line) for line in page]
            people = {one for line in page for one in line.subjects}
            if people:
                await audit.record(uow, scope.principal, f"export.{kind.name}", sorted(people))
            uow.session.expunge_all()
            await context.progress(len(rows), max(len(rows), export.subjects))
    table = Table(kind.title, [column for one in items for column in one.columns], rows)
    return BytesIO(await asyncio.to_thread(_render, export.format, table, footer)), len(rows)


def _row(items: Sequence[Item], line: Line) -> list[Cell]:
    return [cell for one in items for cell in line.cells.get(one.name, (None,) * len(one.columns))]


def _render(form: str, table: Table, footer: Footer) -> bytes:
    return xlsx.render(table, footer=footer) if form == "xlsx" else csv.render(table, footer=footer)
