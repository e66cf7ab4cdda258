"""Use cases of archives, for routes: begun, listed, given out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from asu_contracts.journal import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from orgdirectory import require_visible
from servicekit import audit, runs, storing
from servicekit.acting import kept
from servicekit.errors import DomainError, NotFoundError
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runs import Run
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.archives import repository, signatures
from sgo_journal.archives.errors import (
    ArchiveDamagedError,
    ArchiveFailedError,
    ArchiveInProgressError,
    NotFinishedError,
    NothingToArchiveError,
)
from sgo_journal.archives.model import Archive, ArchiveFile
from sgo_journal.archives.zipping import Zipped
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters

__all__ = ["Archive", "ArchiveFile"]

log = structlog.get_logger(__name__)

KIND = "archives.make"
"""The run that makes an archive."""
_FOLDER = "archives"
_UNSAFE = dict.fromkeys(map(ord, '\\/:*?"<>|'), "_")


@dataclass(frozen=True)
class Listed:
    """An archive and how many of its files are made."""

    archive: Archive
    done: int
    total: int


def path_of(file_id: UUID, digest: bytes) -> str:
    """Where a file of a digest is in the store: whoever makes it once more and otherwise does not write over it."""
    return f"{_FOLDER}/{file_id}/{digest.hex()}"


async def queue(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int, learners_id: UUID | None
) -> Run:
    """Begin an archive of the journals of a year, of a class with its subgroups or of all: what it is made of is settled here.

    Raises ``NothingToArchiveError``; ``ArchiveInProgressError`` while another of the year is made;
    ``NotFoundError`` for learners of another organization or year.
    """
    await require_visible(uow, principal, organization_id)
    if learners_id is not None:
        learners = await rosters.visible_learners(uow, principal, learners_id)
        if (learners.organization_id, learners.academic_year) != (organization_id, academic_year):
            raise NotFoundError
    found = await repository.journals(uow.session, organization_id, academic_year, learners_id)
    if not found:
        raise NothingToArchiveError
    head = await repository.seal_head(uow.session)
    archive = Archive(
        organization_id=organization_id,
        academic_year=academic_year,
        id=new_id(),
        learners_id=learners_id,
        made_by=author(principal),
        made_at=uow.now,
        sealed_block=None if head is None else head[0],
        sealed_hash=None if head is None else head[1],
        finished_at=None,
        manifest=None,
        manifest_sha256=None,
        failed_at=None,
        failure=None,
    )
    uow.session.add(archive)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise ArchiveInProgressError from None
    await repository.add_files(uow.session, await _named(uow, archive, found))
    return await runs.start(
        uow,
        principal,
        KIND,
        {"organization_id": str(organization_id), "archive_id": str(archive.id), "by": kept(principal)},
    )


async def _named(uow: UnitOfWork, archive: Archive, journals: Sequence[Any]) -> list[dict[str, Any]]:
    """A file a journal, in a folder of its class, or of the group across classes."""
    learners = await rosters.learners(uow, {row.learners_id for row in journals})
    folders = await rosters.learners(uow, {one.class_id for one in learners.values() if one.class_id is not None})
    rows, taken = [], set[str]()
    for row in sorted(journals, key=lambda one: (one.title, one.id)):
        of = learners.get(row.learners_id)
        whole = None if of is None or of.class_id is None else folders.get(of.class_id)
        part = "" if of is None or whole is None or whole.id == of.id else f" ({of.name})"
        folder = (whole or of).name if of is not None else "Без класса"
        name = f"{_plain(folder)}/{_plain(row.title + part) or 'Журнал'}"
        same, more = name, count(2)
        while name in taken:
            name = f"{same} {next(more)}"
        taken.add(name)
        rows.append(
            {
                "organization_id": archive.organization_id,
                "academic_year": archive.academic_year,
                "id": new_id(),
                "archive_id": archive.id,
                "journal_id": row.id,
                "learners_id": row.learners_id,
                "name": f"{name}.pdf",
            }
        )
    return rows


def _plain(text: str) -> str:
    """A name that every file system takes."""
    return "".join(sign for sign in text.translate(_UNSAFE) if sign.isprintable()).strip(" .")[:100]


async def list_archives(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int, after: UUID | None, limit: int
) -> list[Listed]:
    """Archives of a year, one more than ``limit``."""
    await require_visible(uow, principal, organization_id)
    found = await repository.page(uow.session, organization_id, academic_year, after, limit)
    counts = await repository.progress(uow.session, found)
    return [Listed(one, *counts[one.id]) for one in found]


async def visible(uow: UnitOfWork, principal: Principal, archive_id: UUID) -> Archive:
    """An archive of the caller's organization, or ``NotFoundError``."""
    found = await repository.one(uow.session, principal.unit.organization_id, archive_id)
    if found is None:
        raise NotFoundError
    return found


async def list_files(
    uow: UnitOfWork, principal: Principal, archive_id: UUID, after: UUID | None, limit: int
) -> Sequence[ArchiveFile]:
    """Files of an archive, one more than ``limit``."""
    return await repository.file_page(uow.session, await visible(uow, principal, archive_id), after, limit)


async def read_file(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, archive_id: UUID, file_id: UUID
) -> tuple[ArchiveFile, bytes]:
    """A journal of an archive; audited with its students.

    Raises ``NotFinishedError``, ``ArchiveFailedError``, ``ArchiveDamagedError``.
    """
    archive = await visible(uow, principal, archive_id)
    found = await repository.file(uow.session, archive, file_id)
    if found is None:
        raise NotFoundError
    if found.sha256 is None:
        raise _unmade(archive)
    content = await _content(runtime, found)
    people = await _audit(uow, principal, [found])
    await outward.hand_out(
        uow,
        OutwardExchangeRecorded,
        principal,
        content,
        kind=OutwardKind.TABLE,
        title="Журнал из архива",
        form="pdf",
        persons=people,
        organization_id=archive.organization_id,
        municipality=None,
        again=f"/api/journal/v1/archives/{archive_id}/files/{file_id}",
    )
    return found, content


def _unmade(archive: Archive) -> DomainError:
    """Why there is nothing to give out yet, or ever."""
    return NotFinishedError() if archive.failed_at is None else ArchiveFailedError()


async def _content(runtime: Runtime, file: ArchiveFile) -> bytes:
    assert file.sha256 is not None
    content = await storing.get(storing.store_of(runtime.settings), path_of(file.id, file.sha256))
    if content is None or sha256(content).digest() != file.sha256:
        log.error("archive_damaged", file_id=str(file.id), lost=content is None)
        raise ArchiveDamagedError
    return content


async def _audit(uow: UnitOfWork, principal: Principal, files: Sequence[ArchiveFile]) -> int:
    """Note whom the files tell of, though a roster says otherwise by now: the children their cards are today; how many."""
    cards = {student_id for one in files for student_id in one.student_ids or ()}
    living = await rosters.living(uow, cards)
    children = sorted({living.get(one, one) for one in cards})
    await audit.record(uow, principal, "archive.download", children)
    return len(children)


async def pack(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, archive_id: UUID, learners_id: UUID | None
) -> tuple[Archive, AsyncIterator[bytes]]:
    """A finished archive, or the part of some learners, as a ZIP file by file, with its signatures; audited with all its students.

    Raises ``NotFinishedError``, ``ArchiveFailedError``; ``NotFoundError`` for learners that it has nothing of. A file that is damaged
    breaks the ZIP off.
    """
    archive = await visible(uow, principal, archive_id)
    if archive.manifest is None:
        raise _unmade(archive)
    files = await repository.files(uow.session, archive, None if learners_id is None else await _part(uow, learners_id))
    if not files:
        raise NotFoundError
    people = await _audit(uow, principal, files)
    await outward.record(uow, _packed(uow, principal, archive, people))
    signed = await signatures.files(uow, runtime.cipher, archive)
    return archive, _zipped(runtime, archive.manifest, signed, files)


def _packed(uow: UnitOfWork, principal: Principal, archive: Archive, people: int) -> OutwardExchangeRecorded:
    """The ZIP is made while it is taken: what vouches for its files is the manifest."""
    assert archive.manifest_sha256 is not None
    return OutwardExchangeRecorded(
        exchange_id=new_id(),
        kind=OutwardKind.WHOLE,
        title=f"Архив журналов, опись SHA-256 {archive.manifest_sha256.hex()}",
        format="zip",
        organization_id=archive.organization_id,
        persons=people,
        role=principal.role.value,
        recorded_at=uow.now,
        again=f"/api/journal/v1/archives/{archive.id}/content",
    )


async def _part(uow: UnitOfWork, learners_id: UUID) -> set[UUID]:
    return {learners_id, *await rosters.subgroups_of(uow, learners_id)}


async def _zipped(
    runtime: Runtime, manifest: str, signed: Sequence[bytes], files: Sequence[ArchiveFile]
) -> AsyncIterator[bytes]:
    zipped = Zipped()
    yield zipped.add("manifest.json", manifest.encode())
    for number, signature in enumerate(signed, 1):
        yield zipped.add(f"manifest.{number}.p7s", signature)
    for file in files:
        yield zipped.add(file.name, await _content(runtime, file))
    yield zipped.close()


def seal_of(one: Archive | ArchiveFile) -> Mapping[str, Any] | None:
    """The head of the sealed history when an archive was begun, or a journal was read, as a manifest names it."""
    if one.sealed_hash is None:
        return None
    return {"history": "record_change", "block": one.sealed_block, "hash": one.sealed_hash.hex()}


def described(files: Sequence[ArchiveFile]) -> list[Mapping[str, Any]]:
    """Files as a manifest names them."""
    return [
        {
            "name": one.name,
            "journal_id": str(one.journal_id),
            "read_at": None if one.read_at is None else one.read_at.isoformat(),
            "seal": seal_of(one),
            "size": one.size,
            "sha256": one.sha256.hex() if one.sha256 is not None else None,
        }
        for one in files
    ]
