"""Outbox: events are rows of the use case's own transaction; the relay sends them later."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, select

from asu_contracts.base import Event, Semantics
from servicekit.ids import new_id
from servicekit.tables import outbox, producer_epoch
from servicekit.telemetry import current_traceparent

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

FACT_VERSION = 1

_INSERT = insert(outbox).values(epoch=select(producer_epoch.c.epoch).scalar_subquery())


class Outbox:
    """Events of one unit of work, inserted together just before it commits."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def add(self, event: Event, *, now: datetime, version: int | None = None, traceparent: str | None = None) -> None:
        """Queue an event.

        ``version`` is the aggregate's version for a state event; read the state after that version row was updated in this
        transaction. A fact has none, and its subject is its event id. ``traceparent`` names the cause when it is not the
        current span: a message of a batch gives ``received.traceparent``.
        """
        fact = event.semantics is Semantics.FACT
        if fact != (version is None):
            raise ValueError(f"{event.type}: a state event takes a version, a fact does not")
        self._rows.append(
            {
                "event_id": UUID(event.subject) if fact else new_id(),
                "type": event.type,
                "subject": event.subject,
                "version": FACT_VERSION if version is None else version,
                "occurred_at": now,
                "traceparent": traceparent or current_traceparent(),
                "payload": event.model_dump_json(),
            }
        )

    @property
    def pending(self) -> Sequence[dict[str, Any]]:
        """Rows not yet inserted."""
        return self._rows

    def keep(self, count: int) -> None:
        """Forget all but the first ``count`` events that are queued: what they told of was taken back."""
        del self._rows[count:]

    async def flush(self, session: "AsyncSession") -> bool:
        """Insert what is queued; true if there was anything."""
        rows, self._rows = self._rows, []
        if not rows:
            return False
        await session.execute(_INSERT, rows)
        return True
