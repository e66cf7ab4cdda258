"""Appends received events to the log before anything is made of them, and reads them again."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from asu_contracts.base import Event
from reporting.ingest import repository
from reporting.ingest.told import Told
from servicekit.messaging import Received
from servicekit.messaging.handlers import Handler
from servicekit.uow import UnitOfWork

E = TypeVar("E", bound=Event)

_IDENTIFYING = frozenset({"student_id", "worker_id"})
"""Ids under which other services know a person: reporting knows people by the statistical id alone."""
_NOBODY = UUID(int=0)


def logged(*handlers: Handler[E]) -> Handler[E]:
    """Handlers of an event type, with its events appended to the log before, in the same transaction.

    An event that is in the log was handled: it is passed over.
    """

    async def append_and_handle(uow: UnitOfWork, received: Sequence[Received[E]]) -> None:
        new = await append(uow, received)
        for handler in handlers if new else ():
            await handler(uow, new)

    return append_and_handle


async def append(uow: UnitOfWork, received: Sequence[Received[E]]) -> list[Received[E]]:
    """Append events, without the ids others know a person by; those that were not there yet."""
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
    new = await repository.append(uow.session, rows)
    first = {one.envelope.id: one for one in reversed(received)}
    return [one for one in received if one.envelope.id in new and first[one.envelope.id] is one]


def told(received: Sequence[Received[E]]) -> list[Told[E]]:
    """Received events as the log gives them back."""
    return [Told(one.envelope.id, one.sequence, one.envelope.time, one.event) for one in received]


async def read(session: AsyncSession, event: type[E], ids: Collection[UUID]) -> dict[UUID, Told[E]]:
    """Events of one type by their ids."""
    if not ids:
        return {}
    return {row.id: parsed(event, row) for row in await repository.by_ids(session, ids)}


def parsed(event: type[E], row: Any) -> Told[E]:
    """A row of the log as the event it was."""
    hidden = dict.fromkeys(_hidden_fields(event), _NOBODY)
    return Told(row.id, row.sequence, row.occurred_at, event.model_validate({**row.payload, **hidden}))


async def up_to(
    session: AsyncSession, ids: Collection[UUID], position: int, *, after: UUID | None, limit: int
) -> Sequence[Any]:
    """Of some events those the log had at a position: rows (id, type, occurred_at, payload) in order of id, after a key."""
    return await repository.up_to(session, ids, position, after, limit)


@asynccontextmanager
async def snapshot(session: AsyncSession, engine: AsyncEngine) -> AsyncIterator[int]:
    """Take the snapshot of a REPEATABLE READ transaction that has run nothing yet; gives where the log stands in it.

    Positions are given out before they are committed. So that the snapshot holds every event up to the last position it sees,
    nothing is appended for the moment it is taken: another connection holds the log, as a statement that waited for it here
    would see what was before the wait. Until the end the tables of facts stay those of the snapshot: a rebuild waits.
    """
    async with engine.begin() as reading:
        await repository.keep_facts(reading)
        async with engine.begin() as gate:
            await repository.hold(gate)
            position = await repository.position(session)
        yield position


async def settled(engine: AsyncEngine) -> int:
    """A position up to which every event is committed."""
    async with engine.begin() as gate:
        await repository.hold(gate)
        return await repository.position(gate)


async def hold(session: AsyncSession) -> int:
    """Until the transaction ends nobody appends, nor needs the tables of facts to stay; where the log stands."""
    await repository.exchange_facts(session)
    await repository.hold(session)
    return await repository.position(session)


async def following(session: AsyncSession, position: int, until: int, limit: int | None) -> Sequence[Any]:
    """The next events after a position up to another, in order: rows for ``parsed``, with ``type`` and ``position``."""
    return await repository.after(session, position, until, limit)


@cache
def _hidden_fields(event: type[Event]) -> frozenset[str]:
    return _IDENTIFYING & frozenset(event.model_fields)
