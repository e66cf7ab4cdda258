"""Use cases of subscriptions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from eu_enrollment.applications import changes
from eu_enrollment.database import Record
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.webhooks import recording, repository, signing
from eu_enrollment.webhooks.errors import TooManyWebhooksError
from eu_enrollment.webhooks.model import DisabledReason, WebhookState
from eu_enrollment.webhooks.schemas import Notice, WebhookEdit
from eu_enrollment.webhooks.sending import Outcome, Sender, check_url
from servicekit.crypto import FieldCipher
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_CONTEXT = "webhook.secret"
_MOST = 5
_BOTH_SIGN = timedelta(hours=24)


async def subscribe(uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, url: str) -> tuple[Record, str]:
    """A new subscription to what happens from now on, and its secret."""
    check_url(url, runtime.settings)
    await repository.lock_client(uow.session, principal.account_id)
    if await repository.count(uow.session, principal.account_id) >= _MOST:
        raise TooManyWebhooksError
    secret, place = signing.new_secret(), await changes.now(uow.session)
    values = {
        "id": new_id(),
        "client": principal.account_id,
        "url": url,
        "version": 1,
        "state": WebhookState.ACTIVE,
        "secret": runtime.cipher.encrypt(secret, _CONTEXT),
        "tx": place.tx,
        "step_id": place.id,
        "created_at": uow.now,
    }
    return await repository.add(uow.session, values), secret


async def edit(
    uow: UnitOfWork,
    runtime: EnrollmentRuntime,
    principal: Principal,
    webhook_id: UUID,
    version: int,
    body: WebhookEdit,
) -> Record:
    """Change the address, stop or go on; what happened meanwhile is sent then. Raises ``VersionMismatchError``."""
    check_url(body.url, runtime.settings)
    found = await subscription(uow, principal, webhook_id, lock=True)
    if found.version != version:
        raise VersionMismatchError
    values: dict[str, Any] = {"url": body.url, "state": body.state, "version": version + 1}
    if body.state is WebhookState.ACTIVE:
        values |= {"disabled_reason": None, "failing_since": None, "paused_until": None}
    elif found.state == WebhookState.ACTIVE:
        values |= {"disabled_reason": DisabledReason.BY_CLIENT}
    return await repository.put(uow.session, webhook_id, **values)


async def rotate(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, webhook_id: UUID
) -> tuple[str, datetime]:
    """A new secret, and until when the old one signs beside it."""
    found = await subscription(uow, principal, webhook_id, lock=True)
    secret, until = signing.new_secret(), uow.now + _BOTH_SIGN
    await repository.put(
        uow.session,
        webhook_id,
        secret=runtime.cipher.encrypt(secret, _CONTEXT),
        old_secret=found.secret,
        old_secret_until=until,
        version=found.version + 1,
    )
    return secret, until


async def unsubscribe(uow: UnitOfWork, principal: Principal, webhook_id: UUID) -> None:
    """End a subscription; what waits to be sent goes with it."""
    await subscription(uow, principal, webhook_id, lock=True)
    await recording.record_all(uow, webhook_id)
    await repository.remove(uow.session, webhook_id)


async def subscription(uow: UnitOfWork, principal: Principal, webhook_id: UUID, *, lock: bool = False) -> Record:
    """A subscription of the caller's; raises ``NotFoundError``."""
    found = await repository.get(uow.session, webhook_id, principal.account_id, lock=lock)
    if found is None:
        raise NotFoundError
    return found


async def resend(uow: UnitOfWork, principal: Principal, webhook_id: UUID, delivery_id: UUID) -> None:
    """Put a notice that was given up in turn again."""
    await subscription(uow, principal, webhook_id)
    if not await repository.again(uow.session, webhook_id, delivery_id, uow.now):
        raise NotFoundError


async def attempt(runtime: EnrollmentRuntime, found: Record) -> Outcome:
    """Send a trial notice at once."""
    now = runtime.clock.now()
    body = Notice(type="webhook.test", timestamp=now, data=None).model_dump_json()
    async with Sender(runtime.settings) as sender:
        return await sender.send(found.url, signed(runtime.cipher, found, new_id(), now, body), body)


def signed(cipher: FieldCipher, found: Record, notice_id: UUID, now: datetime, body: str) -> dict[str, str]:
    """Headers of a notice: with the secret, and with the old one while it holds."""
    return signing.headers(notice_id, int(now.timestamp()), body, _secrets(cipher, found, now))


def _secrets(cipher: FieldCipher, found: Record, now: datetime) -> Sequence[str]:
    sealed = [found.secret]
    if found.old_secret is not None and now < found.old_secret_until:
        sealed.append(found.old_secret)
    return [cipher.decrypt(one, _CONTEXT) for one in sealed]
