"""Use cases of drafts. All that is slow is done when a draft is saved: sending enters it in the register, and no more."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from eu_enrollment.applications import service as applications
from eu_enrollment.applications.acceptance import accept_prepared, campaign_for
from eu_enrollment.applications.errors import AcceptanceBusyError
from eu_enrollment.applications.judging import judge
from eu_enrollment.applications.registration import Prepared, Sending, prepare
from eu_enrollment.database import Record
from eu_enrollment.drafts import repository
from eu_enrollment.drafts.errors import DraftNotReadyError, DraftSentError, DraftTooLargeError
from eu_enrollment.drafts.schemas import DraftState, SendIn
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit import audit
from servicekit.errors import FieldError, InvalidValueError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_CONTEXT = "draft.body"
_LARGEST = 64 * 1024
_AT_ONCE = 500
_PREPARED = TypeAdapter(Prepared)


async def create(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, campaign_id: UUID, raw: Mapping[str, Any]
) -> Record:
    """Keep a new draft, with whatever is wrong with it."""
    values = await _judged(uow, runtime, principal, campaign_id, raw)
    fresh = {"id": new_id(), "client": principal.account_id, "version": 1, "created_at": uow.now}
    return await repository.add(uow.session, fresh | values)


async def replace(
    uow: UnitOfWork,
    runtime: EnrollmentRuntime,
    principal: Principal,
    draft_id: UUID,
    version: int,
    campaign_id: UUID,
    raw: Mapping[str, Any],
) -> Record:
    """Replace what a draft says; raises ``VersionMismatchError``, ``DraftSentError``."""
    found = await _editable(uow, principal, draft_id)
    if found.version != version:
        raise VersionMismatchError
    values = await _judged(uow, runtime, principal, campaign_id, raw)
    return await repository.put(uow.session, draft_id, values | {"version": version + 1})


async def delete(uow: UnitOfWork, principal: Principal, draft_id: UUID) -> None:
    """Forget a draft that was not sent."""
    await _editable(uow, principal, draft_id)
    await repository.remove(uow.session, draft_id)


async def read(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, draft_id: UUID
) -> tuple[Record, dict[str, Any]]:
    """A draft with its body; the reading is written into the trail of access."""
    found = await own(uow, principal, draft_id)
    await audit.record(uow, principal, "draft.read", [draft_id])
    body: dict[str, Any] = json.loads(runtime.cipher.decrypt(found.body, _CONTEXT))
    return found, body


async def sent(uow: UnitOfWork, rows: Sequence[Record]) -> dict[UUID, UUID]:
    """Applications that drafts have become: draft → application."""
    entered = await applications.entered(uow, [row.id for row in rows])
    return {row.id: row.application_id or row.id for row in rows if row.application_id or row.id in entered}


def state(row: Record, *, sent: bool) -> DraftState:
    """How far a draft is."""
    if sent:
        return DraftState.SENT
    return DraftState.READY if row.prepared is not None else DraftState.REMARKS


async def send(
    runtime: EnrollmentRuntime, principal: Principal, draft_id: UUID, key: str, body: SendIn
) -> tuple[bool, dict[str, Any]]:
    """Send a draft: (whether the application is new, its receipt), by the door of acceptance and with its errors.

    Raises ``VersionMismatchError`` when the family has seen another version, ``DraftNotReadyError``.
    """
    found = await _seen(runtime, principal, draft_id, body.version)
    prepared = await _ready(runtime, principal, found)
    route = f"POST /drafts/{draft_id}/send"
    sending = Sending(principal, route, key, sha256(body.model_dump_json().encode()).digest())
    try:
        new, receipt = await accept_prepared(runtime, sending, prepared, draft_id, body.version)
    except AcceptanceBusyError:
        await _seen(runtime, principal, draft_id, body.version)  # it may have been changed meanwhile
        raise
    application_id = UUID(receipt["id"])
    if application_id not in {draft_id, found.application_id}:
        async with runtime.uow() as uow:
            await repository.put(uow.session, draft_id, {"application_id": application_id})
    return new, receipt


async def _seen(runtime: EnrollmentRuntime, principal: Principal, draft_id: UUID, version: int) -> Record:
    """A draft of the caller's as the family has seen it; raises ``NotFoundError``, ``VersionMismatchError``."""
    async with runtime.autocommit.connect() as connection:
        found = await repository.get(connection, draft_id, principal.account_id)
    if found is None:
        raise NotFoundError
    if found.version != version:
        raise VersionMismatchError
    return found


async def own(uow: UnitOfWork, principal: Principal, draft_id: UUID) -> Record:
    """A draft of the caller's; raises ``NotFoundError``."""
    found = await repository.get(uow.session, draft_id, principal.account_id)
    if found is None:
        raise NotFoundError
    return found


async def forget_closed(uow: UnitOfWork, runtime: Runtime) -> list[UUID]:
    """Forget some of the drafts whose campaigns closed a term ago; which."""
    assert isinstance(runtime, EnrollmentRuntime)
    term = timedelta(days=runtime.settings.draft_days)
    ids = await repository.closed_before(uow.session, uow.now - term, _AT_ONCE)
    await repository.remove_all(uow.session, ids)
    return ids


async def _judged(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, campaign_id: UUID, raw: Mapping[str, Any]
) -> dict[str, Any]:
    """What is kept of a body: sealed, with the remarks or all that sending needs."""
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text.encode())
    except (ValueError, RecursionError):
        raise InvalidValueError from None
    if size > _LARGEST:
        raise DraftTooLargeError
    campaign = await campaign_for(runtime, principal, campaign_id)
    judged = await judge(uow.session, uow.clock, campaign, principal, raw)
    prepared = None
    if judged.body is not None and not judged.remarks:
        prepared = prepare(runtime.cipher, runtime.hasher, campaign, principal, judged.day, judged.body)
    return {
        "campaign_id": campaign.id,
        "closes_at": campaign.closes_at,
        "body": runtime.cipher.encrypt(text, _CONTEXT),
        "remarks": [{"pointer": one.pointer, "code": one.code, "title": one.title} for one in judged.remarks],
        "prepared": None if prepared is None else _PREPARED.dump_python(prepared, mode="json"),
        "judged_on": judged.day,
        "changed_at": uow.now,
    }


async def _ready(runtime: EnrollmentRuntime, principal: Principal, found: Record) -> Prepared:
    """What a draft has ready; made anew if it was made for an earlier day, under another key or by an earlier version of the service."""
    if found.prepared is None:
        raise DraftNotReadyError(errors=[FieldError(**one) for one in found.remarks])
    with suppress(ValidationError):
        prepared = _PREPARED.validate_python(found.prepared)
        if found.judged_on >= runtime.clock.today() and prepared.key_version == runtime.hasher.key_id:
            return prepared
    campaign = await campaign_for(runtime, principal, found.campaign_id)
    raw = json.loads(runtime.cipher.decrypt(found.body, _CONTEXT))
    async with runtime.uow() as uow:
        judged = await judge(uow.session, uow.clock, campaign, principal, raw)
    if judged.body is None or judged.remarks:
        raise DraftNotReadyError(errors=judged.remarks)
    return prepare(runtime.cipher, runtime.hasher, campaign, principal, judged.day, judged.body)


async def _editable(uow: UnitOfWork, principal: Principal, draft_id: UUID) -> Record:
    found = await repository.get(uow.session, draft_id, principal.account_id, lock=True)
    if found is None:
        raise NotFoundError
    if await sent(uow, [found]):
        raise DraftSentError
    return found
