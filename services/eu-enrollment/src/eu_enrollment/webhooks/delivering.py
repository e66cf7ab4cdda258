"""Jobs of the worker: notices are made of the changes after the last ones, and sent until they are taken or given up.

Made in the order of the feed, in the transaction that moves its place on, so that each step is told once. Of an application
the next goes when the one before was taken or given up. A crash between sending and writing it down sends a notice again
under the same id: at least once, as the specification has it.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from eu_enrollment.applications import changes
from eu_enrollment.applications.changes import Place
from eu_enrollment.database import Record
from eu_enrollment.portal.service import told
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.webhooks import repository
from eu_enrollment.webhooks.model import DeliveryState, DisabledReason, WebhookState
from eu_enrollment.webhooks.schemas import Notice
from eu_enrollment.webhooks.sending import Outcome, Sender
from eu_enrollment.webhooks.service import signed
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

log = structlog.get_logger(__name__)

RETRIES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each further attempt, as Standard Webhooks proposes: three and a quarter days in all."""
_GONE = 410
_AT_ONCE = 200
_TOGETHER = 8
_TURN = 5
"""Seconds: one that answers slowly, however much waits for it, holds the others back no longer. What is left goes in the next turn."""
_FAILURES = 3
"""So many failures in a row end the turn of a subscription: an address that is away is not asked for every notice."""
_SHORTEST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=15)
"""Before an address that took nothing is asked again; between them, half as long as it has been failing."""
_KEPT = timedelta(days=30)
_CHUNK = 5_000


async def deliver(runtime: Runtime) -> None:
    """Job: make and send what is due, of every subscription at once."""
    runtime = cast("EnrollmentRuntime", runtime)
    async with runtime.sessions() as session:
        active = await repository.active(session)
    async with Sender(runtime.settings) as sender:
        turns = [_turn(runtime, sender, one.id) for one in active]
        for failed in await asyncio.gather(*turns, return_exceptions=True):
            if isinstance(failed, BaseException):
                raise failed


async def forget(runtime: Runtime) -> None:
    """Job: forget notices long closed."""
    forgotten = _CHUNK
    while forgotten == _CHUNK:
        async with runtime.uow() as uow:
            forgotten = await repository.forget(uow.session, uow.now - _KEPT, _CHUNK)


async def _turn(runtime: EnrollmentRuntime, sender: Sender, webhook_id: UUID) -> None:
    while await _make(runtime, webhook_id):
        pass
    until = monotonic() + _TURN
    while monotonic() < until and await _send(runtime, sender, webhook_id, until):
        pass


async def _make(runtime: EnrollmentRuntime, webhook_id: UUID) -> bool:
    """Make notices of the next changes; whether there are more."""
    async with runtime.uow() as uow:
        found = await repository.lock_active(uow.session, webhook_id)
        if found is None:
            return False
        news = await changes.after(uow.session, found.client, Place(found.tx, found.step_id), _AT_ONCE)
        rows = [
            {
                "id": new_id(),
                "webhook_id": webhook_id,
                "application_id": row.application_id,
                "status_seq": row.version,
                "body": Notice(type="application.status", timestamp=row.at, data=told(row)).model_dump_json(),
                "state": DeliveryState.PENDING,
                "attempts": 0,
                "next_at": uow.now,
                "created_at": uow.now,
            }
            for row in news.rows
        ]
        await repository.add_deliveries(uow.session, rows)
        if news.place != Place(found.tx, found.step_id):
            await repository.put(uow.session, webhook_id, tx=news.place.tx, step_id=news.place.id)
        return news.more


async def _send(runtime: EnrollmentRuntime, sender: Sender, webhook_id: UUID, until: float) -> bool:
    """Send what is due and write down how it went; whether to look for more at once."""
    async with runtime.uow() as uow:
        found = await repository.lock_active(uow.session, webhook_id)
        if found is None or (found.paused_until is not None and found.paused_until > uow.now):
            return False
        waiting = await repository.due(uow.session, webhook_id, uow.now, _AT_ONCE)
    if not waiting:
        return False
    outcomes = await _post(runtime, sender, found, waiting, until)
    if not outcomes:  # the turn was over before it came to one: that says nothing of the address
        return False
    async with runtime.uow() as uow:
        now = uow.now
        for row, outcome in outcomes:
            await repository.put_delivery(uow.session, row.id, **_after(row, outcome, found.url, now))
        still = await repository.lock_active(uow.session, webhook_id)
        if still is not None:
            await _judge(uow, runtime, still, [outcome for _, outcome in outcomes])
    return all(outcome.taken for _, outcome in outcomes)


async def _post(
    runtime: EnrollmentRuntime, sender: Sender, found: Record, waiting: Sequence[Record], until: float
) -> list[tuple[Record, Outcome]]:
    """Send notices, some at a time, until too many in a row are not taken or the turn is over."""
    queue, outcomes, failures = list(reversed(waiting)), list[tuple[Record, Outcome]](), 0

    async def post() -> None:
        nonlocal failures
        while queue and failures < _FAILURES and monotonic() < until:
            row = queue.pop()
            headers = signed(runtime.cipher, found, row.id, runtime.clock.now(), row.body)
            outcome = await sender.send(found.url, headers, row.body)
            outcomes.append((row, outcome))
            failures = 0 if outcome.taken else failures + 1

    await asyncio.gather(*(post() for _ in range(_TOGETHER)))
    return outcomes


def _after(row: Record, outcome: Outcome, url: str, now: datetime) -> dict[str, object]:
    """How a notice stands after an attempt at an address."""
    values: dict[str, object] = {"last_status": outcome.status, "last_error": outcome.error}
    if outcome.taken:
        address = urlsplit(url)
        values["receiver"] = f"{address.scheme}://{address.netloc}"  # the rest may be a secret
        return values | {"state": DeliveryState.DELIVERED, "attempts": row.attempts + 1, "closed_at": now}
    if row.attempts >= len(RETRIES):
        return values | {"state": DeliveryState.DEAD, "attempts": row.attempts + 1, "closed_at": now}
    return values | {"attempts": row.attempts + 1, "next_at": now + timedelta(seconds=RETRIES[row.attempts])}


async def _judge(uow: UnitOfWork, runtime: EnrollmentRuntime, found: Record, outcomes: Sequence[Outcome]) -> None:
    """Turn off a subscription whose address is gone, or has taken nothing for days."""
    if any(outcome.status == _GONE for outcome in outcomes):
        reason, since = DisabledReason.GONE, found.failing_since or uow.now
    elif any(outcome.taken for outcome in outcomes):
        if found.failing_since is not None:
            await repository.put(uow.session, found.id, failing_since=None, paused_until=None)
        return
    else:
        since = found.failing_since or uow.now
        if uow.now - since < timedelta(days=runtime.settings.webhook_failing_days):
            pause = min(max((uow.now - since) / 2, _SHORTEST_PAUSE), _LONGEST_PAUSE)
            await repository.put(uow.session, found.id, failing_since=since, paused_until=uow.now + pause)
            return
        reason = DisabledReason.FAILING
    log.warning("webhook_disabled", webhook_id=str(found.id), reason=reason.value)
    await repository.put(
        uow.session,
        found.id,
        state=WebhookState.DISABLED,
        disabled_reason=reason,
        failing_since=since,
        version=found.version + 1,
    )
