"""Use cases of files, for routes and for the slices that files belong to.

A file is stored under its id before its row is written and never moved: a row without a file cannot be, a file without a row is swept.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from uuid import UUID

import structlog

from servicekit import storing
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.sniffing import DOCUMENT_SUFFIXES, document_type
from servicekit.uow import UnitOfWork
from sgo_journal.files import repository
from sgo_journal.files.errors import (
    FileDamagedError,
    FileTooLargeError,
    FileTypeError,
    TooManyUploadsError,
    UploadUnknownError,
)
from sgo_journal.files.model import AttachedFile, Upload
from sgo_journal.people import author

__all__ = ["AttachedFile", "Upload"]

log = structlog.get_logger(__name__)

FOLDER = "files"
MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
"""Files of one homework, hand-in or material."""
_UPLOADS = 100
_NAME = 150


async def upload(uow: UnitOfWork, runtime: Runtime, principal: Principal, name: str, content: bytes) -> Upload:
    """Take a file in; raises ``FileTooLargeError``, ``FileTypeError``, ``TooManyUploadsError``, ``StoreAwayError``."""
    if len(content) > MOST_BYTES:
        raise FileTooLargeError
    kind = await asyncio.to_thread(document_type, content)
    if kind is None:
        raise FileTypeError
    if await repository.uploads_of(uow.session, principal.account_id) >= _UPLOADS:
        raise TooManyUploadsError
    taken = Upload(
        id=new_id(),
        account_id=principal.account_id,
        name=safe_name(name, DOCUMENT_SUFFIXES[kind]),
        media_type=kind,
        size=len(content),
        sha256=sha256(content).digest(),
        uploaded_at=uow.now,
    )
    await storing.put(storing.store_of(runtime.settings), f"{FOLDER}/{taken.id}", content)
    uow.session.add(taken)
    return taken


def safe_name(stated: str, suffix: str) -> str:
    """A client's name of a file as it is kept: no folders, no invisible characters, the suffix of what the file is."""
    plain = "".join(sign if sign.isprintable() else " " for sign in PurePath(stated.replace("\\", "/")).name)
    stem = " ".join(PurePath(plain).stem.split())[:_NAME]
    return f"{stem or 'Файл'}.{suffix}"


async def attach(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int,
    owner_id: UUID,
    upload_ids: Collection[UUID],
) -> Sequence[AttachedFile]:
    """Attach the caller's uploads; raises ``UploadUnknownError`` if one of them is no such, and then none is."""
    if not upload_ids:
        return []
    taken = await repository.take(uow.session, upload_ids, principal.account_id)
    if len(taken) < len(set(upload_ids)):
        raise UploadUnknownError
    attached = [
        AttachedFile(
            organization_id=organization_id,
            academic_year=academic_year,
            id=one.id,
            owner_id=owner_id,
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
            attached_at=uow.now,
            attached_by=author(principal),
        )
        for one in taken
    ]
    uow.session.add_all(attached)
    await uow.session.flush()
    return attached


async def detach(uow: UnitOfWork, organization_id: UUID, academic_year: int, owner_id: UUID) -> None:
    """Let the files of an owner go with it: they are swept."""
    await repository.detach(uow.session, organization_id, academic_year, owner_id)


async def of(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, owner_ids: Collection[UUID]
) -> Mapping[UUID, list[AttachedFile]]:
    """Files of owners, by owner; every owner is there."""
    found: dict[UUID, list[AttachedFile]] = {owner_id: [] for owner_id in owner_ids}
    for one in await repository.of(uow.session, organization_id, academic_year, owner_ids):
        found[one.owner_id].append(one)
    return found


async def read(
    uow: UnitOfWork, runtime: Runtime, organization_id: UUID, academic_year: int, owner_id: UUID, file_id: UUID
) -> tuple[AttachedFile, bytes]:
    """A file of an owner that the caller may read; raises ``NotFoundError``, ``FileDamagedError``, ``StoreAwayError``."""
    mine = (await of(uow, organization_id, academic_year, [owner_id]))[owner_id]
    found = next((one for one in mine if one.id == file_id), None)
    if found is None:
        raise NotFoundError
    return found, await _content(runtime, found)


async def read_known(uow: UnitOfWork, runtime: Runtime, file_id: UUID) -> tuple[AttachedFile, bytes]:
    """A file that something the caller may read names, whatever it was first attached to; raises as ``read`` does."""
    found = await repository.one(uow.session, file_id)
    if found is None:
        raise NotFoundError
    return found, await _content(runtime, found)


async def _content(runtime: Runtime, found: AttachedFile) -> bytes:
    content = await storing.get(storing.store_of(runtime.settings), f"{FOLDER}/{found.id}")
    if content is None or sha256(content).digest() != found.sha256:
        log.error("file_damaged", file_id=str(found.id), lost=content is None)
        raise FileDamagedError
    return content
