"""Unit of work: one transaction, opened and committed by the edge; services never commit."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from asu_contracts.base import Event
from servicekit.clock import Clock
from servicekit.outbox import Outbox


class UnitOfWork:
    """What a use case works with: the session, the outbox, the time."""

    def __init__(self, session: AsyncSession, clock: Clock) -> None:
        self.session = session
        self.clock = clock
        self.now: datetime = clock.now()
        self.outbox = Outbox()

    def publish(self, event: Event, *, version: int | None = None, traceparent: str | None = None) -> None:
        """Add an event to the outbox, stamped with this unit's time. See ``Outbox.add``."""
        self.outbox.add(event, now=self.now, version=version, traceparent=traceparent)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A piece of the work that may fail alone: when it raises, what it wrote and published is taken back, the rest stands."""
        told = len(self.outbox.pending)
        try:
            async with self.session.begin_nested():
                yield
        except BaseException:
            self.outbox.keep(told)
            raise


@asynccontextmanager
async def unit_of_work(
    sessions: async_sessionmaker[AsyncSession], clock: Clock, on_events: Callable[[], None]
) -> AsyncIterator[UnitOfWork]:
    """Commit at the end, roll back on any exception; ``on_events`` is called after a commit that left events."""
    async with sessions() as session:
        uow = UnitOfWork(session, clock)
        yield uow
        await session.flush()
        published = await uow.outbox.flush(session)
        await session.commit()
    if published:
        on_events()
