"""Appends received events to the log before anything is made of them."""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from asu_contracts.base import Event
from asu_contracts.registry import pii_fields
from reporting.ingest import repository
from servicekit.messaging import Received
from servicekit.messaging.handlers import Handler
from servicekit.uow import UnitOfWork

E = TypeVar("E", bound=Event)

_IDENTIFYING = frozenset({"student_id"})
"""Ids under which other services know a person: reporting knows people by the statistical id alone."""


def logged(handler: Handler[E]) -> Handler[E]:
    """The handler, with its events appended to the log in the same transaction."""

    async def append_and_handle(uow: UnitOfWork, received: Sequence[Received[E]]) -> None:
        await append(uow, received)
        await handler(uow, received)

    return append_and_handle


async def append(uow: UnitOfWork, received: Sequence[Received[E]]) -> None:
    """Append events; fields annotated as personal data and ids of students are left out."""
    hidden = set(_hidden_fields(type(received[0].event)))
    rows = [
        (
            item.envelope.id,
            item.envelope.type,
            item.envelope.subject,
            item.sequence,
            item.envelope.time,
            item.event.model_dump_json(exclude=hidden),
        )
        for item in received
    ]
    await repository.append(uow.session, rows)


async def snapshot(session: AsyncSession, engine: AsyncEngine) -> int:
    """Take the snapshot of a REPEATABLE READ transaction that has run nothing yet; returns where the log stands in it.

    Positions are given out before they are committed. So that the snapshot holds every event up to the last position it sees,
    nothing is appended for the moment it is taken: another connection holds the log, as a statement that waited for it here
    would see what was before the wait.
    """
    async with engine.begin() as gate:
        await repository.hold(gate)
        return await repository.position(session)


@cache
def _hidden_fields(event: type[Event]) -> frozenset[str]:
    personal = {path.split(".", 1)[0] for path in pii_fields(event)}
    return frozenset(personal | (_IDENTIFYING & set(event.model_fields)))
