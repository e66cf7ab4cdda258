"""Use cases of files: taken in, listed, read, removed. A file is stored, encrypted, before anybody hears of it."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import structlog

from eu_enrollment.applications import service as applications
from eu_enrollment.attachments import repository
from eu_enrollment.attachments.errors import (
    FileBenefitError,
    FileDamagedError,
    FileTooLargeError,
    NotAScanError,
    TooManyFilesError,
)
from eu_enrollment.attachments.model import AttachmentKind
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.database import Record
from eu_enrollment.drafts import service as drafts
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit import audit, storing
from servicekit.crypto import UndecryptableError
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.sniffing import media_type
from servicekit.uow import UnitOfWork

log = structlog.get_logger(__name__)

FOLDER = "applications"
MOST_BYTES = 10 * 1024 * 1024
_MOST = 30


async def add(
    uow: UnitOfWork,
    runtime: EnrollmentRuntime,
    principal: Principal,
    application_id: UUID,
    kind: AttachmentKind,
    benefit: str | None,
    content: bytes,
) -> Record:
    """Add a file to a draft or an application that the caller works on; raises ``StoreAwayError``."""
    if len(content) > MOST_BYTES:
        raise FileTooLargeError
    found = media_type(content)
    if found is None:
        raise NotAScanError
    campaign = await campaigns.known_campaign(
        uow.session, runtime.campaigns, await _campaign_of(uow, principal, application_id)
    )
    if (kind is AttachmentKind.BENEFIT) != (benefit is not None):
        raise FileBenefitError
    if benefit is not None and campaign.rules.benefit(benefit) is None:
        raise FileBenefitError
    await repository.lock(uow.session, application_id)
    if await repository.count(uow.session, application_id) >= _MOST:
        raise TooManyFilesError
    id_ = new_id()
    sealed = await asyncio.to_thread(runtime.files.encrypt, content, _context(id_))
    await storing.put(storing.store_of(runtime.settings), f"{FOLDER}/{id_}", sealed)
    return await repository.add(
        uow.session,
        {
            "id": id_,
            "application_id": application_id,
            "client": principal.account_id,
            "kind": kind,
            "benefit": benefit,
            "media_type": found,
            "size": len(content),
            "sha256": sha256(content).digest(),
            "uploaded_at": uow.now,
        },
    )


async def of_application(uow: UnitOfWork, principal: Principal, application_id: UUID) -> Sequence[Record]:
    """Files of a draft or an application that the caller sees; raises ``NotFoundError``."""
    await _campaign_of(uow, principal, application_id)
    return await repository.of_application(uow.session, application_id)


async def read(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, attachment_id: UUID
) -> tuple[Record, bytes]:
    """A file as it was sent; raises ``FileDamagedError``, ``StoreAwayError``. Written into the trail of access."""
    found = await _visible(uow, principal, attachment_id)
    sealed = await storing.get(storing.store_of(runtime.settings), f"{FOLDER}/{found.id}")
    content = None if sealed is None else await asyncio.to_thread(_opened, runtime, sealed, found)
    if content is None:
        log.error("attachment_damaged", attachment_id=str(found.id), lost=sealed is None)
        raise FileDamagedError
    await audit.record(uow, principal, "attachment.read", [found.application_id])
    return found, content


async def remove(uow: UnitOfWork, principal: Principal, attachment_id: UUID) -> None:
    """Remove a file that the caller sent itself: nobody reads it from now on."""
    found = await _visible(uow, principal, attachment_id)
    if found.client != principal.account_id:
        raise NotFoundError
    await repository.remove(uow.session, [attachment_id], uow.now)


async def remove_of(uow: UnitOfWork, application_id: UUID) -> None:
    """Remove every file of a draft that is no more."""
    await repository.remove_of(uow.session, [application_id], uow.now)


async def _visible(uow: UnitOfWork, principal: Principal, attachment_id: UUID) -> Record:
    found = await repository.get(uow.session, attachment_id)
    if found is None:
        raise NotFoundError
    await _campaign_of(uow, principal, found.application_id)
    return found


async def _campaign_of(uow: UnitOfWork, principal: Principal, application_id: UUID) -> UUID:
    """Campaign of the application or the draft under the id, if the caller sees it; raises ``NotFoundError``."""
    try:
        found = await applications.visible_application(uow, principal, application_id)
    except NotFoundError:
        found = await drafts.own(uow, principal, application_id)
    campaign_id: UUID = found.campaign_id
    return campaign_id


def _opened(runtime: EnrollmentRuntime, sealed: bytes, found: Record) -> bytes | None:
    try:
        content = runtime.files.decrypt(sealed, _context(found.id))
    except UndecryptableError:
        return None
    return content if sha256(content).digest() == found.sha256 else None


def _context(attachment_id: UUID) -> str:
    return f"attachment.{attachment_id}"
