"""Making an archive: a run that goes on, after whatever stops it, with the files that are still to be made.

One report is read, written and stored at a time, so that memory does not grow with the region. A file is in the store before its digest
is in its row; the archive is put together from the store and goes there piece by piece.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from reporting.blanks import service as blanks
from reporting.builds import service as builds
from reporting.bundles import repository
from reporting.bundles.errors import BundleDamagedError
from reporting.bundles.service import FOLDER, PARTS, footer_of
from reporting.exports import files
from reporting.exports.files import Format
from reporting.outward.service import Handed
from servicekit import storing
from servicekit.errors import DomainError
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork

KIND = "bundle"
MANIFEST = "manifest.json"
_FIXED = (1980, 1, 1, 0, 0, 0)  # equal contents make equal archives
_PIECE = 1024 * 1024
_PACKED = frozenset({Format.XLSX, Format.PDF})
"""Formats that are compressed themselves."""


async def make(context: RunContext) -> None:
    """Make what is missing of a bundle, then put its archive together."""
    bundle_id = UUID(context.params["bundle_id"])
    while await _make_next(context, bundle_id):
        pass
    async with context.runtime.uow() as uow:
        items = await repository.items(uow.session, bundle_id)
    store = storing.store_of(context.runtime.settings)
    with TemporaryFile() as archive:
        await _pack(context, archive, items)
        digest, size = await asyncio.to_thread(_measured, archive)
        await storing.put(store, f"{FOLDER}/{bundle_id}", _pieces(archive))
    async with context.runtime.uow() as uow:
        ended = {"ready_at": uow.now, "sha256": digest, "size": size}
        if await repository.end(uow.session, bundle_id, ended):
            await context.succeed(uow, {"bundle_id": str(bundle_id), "files": len(items), "sha256": digest})
    for one in items:
        await storing.remove(store, f"{PARTS}/{one.id}")


async def failed(uow: UnitOfWork, params: Mapping[str, Any], error: DomainError) -> None:
    """Give up a bundle whose run failed for good, so that another may be ordered."""
    await repository.end(uow.session, UUID(params["bundle_id"]), {"failed_at": uow.now, "failure": error.title})


async def _make_next(context: RunContext, bundle_id: UUID) -> bool:
    """Make one file; false if none is left."""
    runtime = context.runtime
    async with runtime.uow() as uow:
        bundle = await repository.find(uow.session, bundle_id)
        item = await repository.next_item(uow.session, bundle_id)
        if item is None:
            return False
        report = await builds.stored(uow.session, item.report_id)
        form = Format(item.format)
        into = bundle.blank_id if form is Format.XLSX else None
        blank = None if into is None else await blanks.whole(uow.session, into)
    content, blank_id = await files.make(report, form, footer_of(runtime, bundle), blank)
    await storing.put(storing.store_of(runtime.settings), f"{PARTS}/{item.id}", content)
    handed = Handed.of(report, item.format, content, blank_id)
    told = {"content_sha256": handed.content_sha256, "sha256": handed.sha256, "size": handed.size}
    async with runtime.uow() as uow:
        await repository.made(uow.session, item.id, {**told, "blank_id": blank_id})
    await context.progress(bundle.done + 1, bundle.files + 1)
    return True


async def _pack(context: RunContext, archive: BinaryIO, items: Sequence[Any]) -> None:
    store = storing.store_of(context.runtime.settings)
    with ZipFile(archive, "w") as packed:
        for one in items:
            content = await storing.get(store, f"{PARTS}/{one.id}")
            if content is None or sha256(content).hexdigest() != one.sha256:
                raise BundleDamagedError
            await asyncio.to_thread(_write, packed, one.name, content, compressed=one.format in _PACKED)
        told = [
            {"name": one.name, "report_id": str(one.report_id), "sha256": one.sha256, "bytes": one.size}
            for one in items
        ]
        _write(packed, MANIFEST, json.dumps({"files": told}, ensure_ascii=False, indent=1).encode(), compressed=False)


def _write(packed: ZipFile, name: str, content: bytes, *, compressed: bool) -> None:
    packed.writestr(ZipInfo(name, _FIXED), content, ZIP_STORED if compressed else ZIP_DEFLATED)


def _measured(archive: BinaryIO) -> tuple[str, int]:
    archive.seek(0)
    digest, size = sha256(), 0
    while piece := archive.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    archive.seek(0)
    return digest.hexdigest(), size


async def _pieces(archive: BinaryIO) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(archive.read, _PIECE):
        yield piece
