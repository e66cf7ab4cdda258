"""Making an archive: a run that goes on, after whatever stops it, with the files that are still to be made.

One journal is read, printed and stored at a time, so that memory does not grow with the school. A file is in the store, under its digest,
before the digest is in its row. A run whose worker lost the database may be carried out twice at a time: what is written first stands,
and the other goes on. What ends the archive first, its manifest or its failure, stands too.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from reportkit.footer import Footer
from servicekit import storing
from servicekit.acting import acting
from servicekit.errors import DomainError
from servicekit.runs import RunContext
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.archives import printed, repository, service
from sgo_journal.archives.model import Archive, ArchiveFile
from sgo_journal.printing import PRINTER

KIND = service.KIND
_TEMPLATE = "journal"


async def make(context: RunContext) -> None:
    """Make what is missing of an archive, then close it by its manifest."""
    principal = acting(context.params["by"])
    while await _make_next(context, principal):
        pass
    async with context.runtime.uow() as uow:
        archive = await _archive(context.params, uow)
        if archive.finished_at is None:
            await _finish(uow, principal, archive)
            await uow.session.refresh(archive)
        if archive.manifest_sha256 is None:  # failed meanwhile, and its run with it
            return
        done = (await repository.progress(uow.session, [archive]))[archive.id][0]
        result = {"archive_id": str(archive.id), "files": done, "manifest_sha256": archive.manifest_sha256.hex()}
        await context.succeed(uow, result)


async def failed(uow: UnitOfWork, params: Mapping[str, Any], error: DomainError) -> None:
    """Give an archive up whose run failed for good, so that another may be made."""
    await repository.fail(uow.session, await _archive(params, uow), uow.now, error.title)


async def _archive(params: Mapping[str, Any], uow: UnitOfWork) -> Archive:
    archive = await repository.one(uow.session, UUID(params["organization_id"]), UUID(params["archive_id"]))
    assert archive is not None
    return archive


async def _make_next(context: RunContext, principal: Principal) -> bool:
    """Make one file; false if none is left."""
    runtime = context.runtime
    async with runtime.uow() as uow:
        archive = await _archive(context.params, uow)
        done, total = (await repository.progress(uow.session, [archive]))[archive.id]
        file = await repository.next_file(uow.session, archive)
        if file is None or archive.failed_at is not None:
            return False
        head = await repository.seal_head(uow.session)
        journal = await printed.journal(uow, principal, archive, file.journal_id, head)
        read = {"read_at": uow.now, "student_ids": sorted(journal.student_ids), **_sealed(head)}
        end = Footer.by(principal, uow.now.astimezone(uow.clock.zone))
    await context.progress(done, total)
    content = await PRINTER.render(_TEMPLATE, journal.data, end)
    digest = sha256(content).digest()
    await storing.put(storing.store_of(runtime.settings), service.path_of(file.id, digest), content)
    async with runtime.uow() as uow:
        await repository.made(uow.session, file, {"size": len(content), "sha256": digest, **read})
    await context.progress(done + 1, total)
    return True


def _sealed(head: repository.Head | None) -> dict[str, Any]:
    return dict(zip(("sealed_block", "sealed_hash"), head or (None, None), strict=True))


async def _finish(uow: UnitOfWork, principal: Principal, archive: Archive) -> None:
    organization = await require_visible(uow, principal, archive.organization_id)
    files = await repository.files(uow.session, archive)
    text = json.dumps(_manifest(organization.full_name, archive, files), ensure_ascii=False, indent=1)
    values = {"manifest": text, "manifest_sha256": sha256(text.encode()).digest()}
    await repository.finish(uow.session, archive, uow.now, values)


def _manifest(organization: str, archive: Archive, files: Sequence[ArchiveFile]) -> dict[str, Any]:
    return {
        "archive_id": str(archive.id),
        "organization_id": str(archive.organization_id),
        "organization": organization,
        "academic_year": archive.academic_year,
        "made_at": archive.made_at.isoformat(),
        "seal": service.seal_of(archive),
        "files": service.described(files),
    }
