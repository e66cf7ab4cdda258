"""Scans of papers: taken in, attached, read, removed."""

import asyncio
from collections.abc import Collection, Sequence
from hashlib import sha256
from uuid import UUID

import structlog

from servicekit import audit, storing
from servicekit.crypto import UndecryptableError
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.sniffing import media_type
from servicekit.uow import UnitOfWork
from sgo_core.attachments import repository
from sgo_core.attachments.errors import (
    DamagedError,
    DocumentKindError,
    FieldClosedError,
    NotAScanError,
    RemovedError,
    ScanUnknownError,
    TooManyError,
    TooManyUploadsError,
    UploadUnknownError,
)
from sgo_core.attachments.kinds import KINDS, DocumentKind
from sgo_core.attachments.model import Attachment, Upload
from sgo_core.attachments.schemas import AttachmentIn
from sgo_core.cards.audience import audience_of
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.consents import service as consents
from sgo_core.consents.standing import closed_fields
from sgo_core.consents.subjects import require_keeper, require_subject
from sgo_core.history.recorded import Author, signature
from sgo_core.movements import orders
from sgo_core.organizations import service as organizations
from sgo_core.vault import vault_of

log = structlog.get_logger(__name__)

PENDING, KEPT = "attachments/pending", "attachments/kept"
_UPLOADS = 100
_SCANS = 300


async def upload(uow: UnitOfWork, runtime: Runtime, principal: Principal, content: bytes) -> Upload:
    """Take a file in: it is stored, encrypted, before anybody hears of it."""
    kind = media_type(content)
    if kind is None:
        raise NotAScanError
    if await repository.uploads_of(uow.session, principal.account_id) >= _UPLOADS:
        raise TooManyUploadsError
    taken = Upload(
        id=new_id(),
        account_id=principal.account_id,
        media_type=kind,
        size=len(content),
        sha256=sha256(content).digest(),
        uploaded_at=uow.now,
    )
    sealed = await asyncio.to_thread(vault_of(uow).seal_file, content, taken.id)
    await storing.put(storing.store_of(runtime.settings), f"{PENDING}/{taken.id}", sealed)
    uow.session.add(taken)
    return taken


async def attach(uow: UnitOfWork, principal: Principal, body: AttachmentIn) -> Attachment:
    """Attach the caller's upload to a card that its office keeps, or to a consent or order of it."""
    kind, of = KINDS.get(body.kind), CardKind(body.subject_kind)
    await _require_keeper(uow, principal, of, body.subject_id)
    if kind is None or of not in kind.of or (kind.record is None) != (body.record_id is None):
        raise DocumentKindError
    if kind.field in await _closed(uow, principal, of, body.subject_id):
        raise FieldClosedError
    await _require_record(uow, principal, kind, body)
    await repository.lock_card(uow.session, body.subject_id)
    if await repository.count(uow.session, body.subject_id) >= _SCANS:
        raise TooManyError
    taken = await repository.take_upload(uow.session, body.upload_id, principal.account_id)
    if taken is None:
        raise UploadUnknownError
    assert principal.unit.organization_id is not None
    attached = Attachment(
        id=taken.id,
        subject_kind=of.value,
        subject_id=body.subject_id,
        organization_id=principal.unit.organization_id,
        kind=kind.code,
        field=kind.field,
        consent_id=body.record_id if kind.record == "consent" else None,
        order_id=body.record_id if kind.record == "order" else None,
        media_type=taken.media_type,
        size=taken.size,
        sha256=taken.sha256,
        attached_at=uow.now,
        version=1,
        **signature(Author(principal.account_id, kind.title), uow.now),
    )
    uow.session.add(attached)
    await audit.record(uow, principal, "attachment.add", [body.subject_id])
    return attached


async def _require_record(uow: UnitOfWork, principal: Principal, kind: DocumentKind, body: AttachmentIn) -> None:
    if kind.record == "consent":
        given, _ = await consents.standing_of(uow, principal, CardKind(body.subject_kind), body.subject_id)
        if body.record_id not in {one.id for one in given}:
            raise DocumentKindError
    if kind.record == "order":
        assert body.record_id is not None
        order = await orders.get_order(uow, principal, body.record_id)
        if order.organization_id != body.subject_id:
            raise DocumentKindError


async def _require_keeper(uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID) -> None:
    if kind is not CardKind.ORGANIZATION:
        await require_keeper(uow, principal, kind, subject_id)
    elif principal.unit.organization_id != subject_id:
        raise NotFoundError


async def _closed(uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID) -> Collection[str]:
    if kind is CardKind.ORGANIZATION:
        return ()
    audience = audience_of(principal)
    if kind is CardKind.WORKER and principal.person_id == subject_id:
        audience = Audience.SUBJECT
    return (await closed_fields(uow, principal, audience, kind, [subject_id]))[subject_id]


async def _require_reader(uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID) -> Collection[str]:
    """Fields whose papers the caller may not see; raises ``NotFoundError`` unless it reads the card's papers at all.

    Papers of an organization are for whoever sees it; of people for the office that keeps the card, and for the person itself.
    """
    if kind is CardKind.ORGANIZATION:
        await organizations.require_visible(uow, principal, subject_id)
        return ()
    audience = await require_subject(uow, principal, kind, subject_id)
    if audience not in {Audience.OFFICE, Audience.SUBJECT}:
        raise NotFoundError
    return await _closed(uow, principal, kind, subject_id)


async def list_attachments(
    uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID, limit: int, after: UUID | None
) -> Sequence[Attachment]:
    """One page of a card's scans that the caller may read, and one more."""
    closed = await _require_reader(uow, principal, kind, subject_id)
    return await repository.page(uow.session, kind.value, subject_id, closed, limit, after)


async def read(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, attachment_id: UUID
) -> tuple[Attachment, bytes]:
    """A scan and its file, as it was sent; raises ``RemovedError``, ``DamagedError`` or ``StoreAwayError``."""
    found = await _get(uow, attachment_id)
    closed = await _require_reader(uow, principal, CardKind(found.subject_kind), found.subject_id)
    if found.field in closed:
        raise NotFoundError
    if found.removed_at is not None:
        raise RemovedError
    store = storing.store_of(runtime.settings)
    sealed = await storing.get(store, f"{KEPT}/{found.id}")
    if sealed is None:
        sealed = await storing.get(store, f"{PENDING}/{found.id}")
    content = None if sealed is None else await asyncio.to_thread(_opened, uow, sealed, found)
    if content is None:
        log.error("attachment_damaged", attachment_id=str(found.id), lost=sealed is None)
        raise DamagedError
    await audit.record(uow, principal, "attachment.read", [found.subject_id])
    return found, content


def _opened(uow: UnitOfWork, sealed: bytes, found: Attachment) -> bytes | None:
    try:
        content = vault_of(uow).open_file(sealed, found.id)
    except UndecryptableError:
        return None
    return content if sha256(content).digest() == found.sha256 else None


async def require_scan(uow: UnitOfWork, kind: CardKind, subject_id: UUID, attachment_id: UUID) -> None:
    """Raise ``ScanUnknownError`` unless it is a scan of this card that stands."""
    found = await repository.get(uow.session, attachment_id)
    if found is None or (found.subject_kind, found.subject_id) != (kind.value, subject_id) or found.removed_at:
        raise ScanUnknownError


async def remove(uow: UnitOfWork, principal: Principal, attachment_id: UUID, version: int, reason: str) -> Attachment:
    """Remove a scan: nobody reads it from now on, and its file is erased in thirty days."""
    found = await _get(uow, attachment_id, lock=True)
    await _require_keeper(uow, principal, CardKind(found.subject_kind), found.subject_id)
    if found.version != version:
        raise VersionMismatchError
    if found.removed_at is not None:
        raise RemovedError
    change(found, {"removed_at": uow.now}, Author(principal.account_id, reason), uow.now)
    await audit.record(uow, principal, "attachment.remove", [found.subject_id])
    return found


async def _get(uow: UnitOfWork, attachment_id: UUID, *, lock: bool = False) -> Attachment:
    found = await repository.get(uow.session, attachment_id, lock=lock)
    if found is None:
        raise NotFoundError
    return found
