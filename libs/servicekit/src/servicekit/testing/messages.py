"""Events in tests without a broker: make received events, deliver them as a consumer would."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from asu_contracts.base import Event, Semantics
from asu_contracts.envelope import Envelope, schema_of, source_of
from asu_contracts.envelope import Sequence as EventSequence
from servicekit.ids import new_id
from servicekit.messaging import inbox
from servicekit.messaging.handlers import Handlers, Received
from servicekit.runtime import Runtime

E = TypeVar("E", bound=Event)


def received(
    event: E, *, version: int = 1, epoch: int = 1, event_id: UUID | None = None, at: datetime | None = None
) -> Received[E]:
    """An event as a consumer would receive it, recorded now or ``at`` another time."""
    fact = event.semantics is Semantics.FACT
    envelope = Envelope(
        id=event_id or (UUID(event.subject) if fact else new_id()),
        source=source_of(type(event)),
        type=event.type,
        subject=event.subject,
        time=at or datetime.now(UTC),
        sequence=EventSequence(epoch=epoch, version=version),
        dataschema=schema_of(type(event)),
    )
    return Received(envelope, event, None)


async def deliver(
    runtime: Runtime, handlers: Handlers, messages: Sequence[Received[Event]], consumer: str = "test"
) -> int:
    """Apply events in one transaction, inbox included; returns how many were new."""
    async with runtime.uow() as uow:
        return await inbox.apply(uow, consumer, handlers, messages)
