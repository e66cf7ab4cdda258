"""Facts made anew: the same function over the same events, into tables beside the served ones, which they then replace.

The service goes on meanwhile. A rebuild that was cut short goes on where it was; what it made is compared with what was served
row by row, so that it also tells whether the facts were what the log says.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from asu_contracts.registry import EVENT_TYPES
from reporting.facts import rebuild_repository as repository
from reporting.facts import service as facts
from reporting.facts.model import SCHEMA
from reporting.facts.rebuild_repository import NEXT
from reporting.ingest import service as log
from servicekit.clock import Clock

_BATCH = 5_000
_NEAR = 1_000
"""Events left that are few enough to be caught up with while nothing is appended."""


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did: events read now, seconds, and rows with checksum by table, as they were served and as they came out."""

    events: int
    seconds: float
    served: dict[str, tuple[int, str]]
    made: dict[str, tuple[int, str]]

    @property
    def differing(self) -> list[str]:
        """Tables that were not what the log says."""
        return sorted(table for table, found in self.made.items() if self.served[table] != found)


async def rebuild(
    engine: AsyncEngine, clock: Clock, shown: Callable[[int, int], None], *, afresh: bool = False
) -> Rebuilt:
    """Rebuild all facts as the owner of the database. ``shown`` is told how many of how many events are done.

    ``afresh`` forgets an attempt that was cut short.
    """
    started = time.monotonic()
    async with engine.begin() as connection:
        await repository.remove_old(connection)
        if afresh:
            await repository.discard(connection)
        await repository.prepare(connection)
    events = 0
    while True:
        until = await log.settled(engine)
        done = await _catch_up(engine, clock, until, shown)
        events += done
        if done <= _NEAR:
            break
    async with AsyncSession(engine) as session, session.begin():
        events += await _replay(session, clock, await log.hold(session), None)
        await repository.ensure_years(session, await repository.served_years(session))
        served, made = [await repository.checksum(session, schema) for schema in (SCHEMA, NEXT)]
        await repository.exchange(session)
    async with engine.begin() as connection:
        await repository.remove_old(connection)
    return Rebuilt(events, time.monotonic() - started, served, made)


async def _catch_up(engine: AsyncEngine, clock: Clock, until: int, shown: Callable[[int, int], None]) -> int:
    """Batch by batch, each a transaction."""
    events = 0
    while True:
        async with AsyncSession(engine) as session, session.begin():
            done = await _replay(session, clock, until, _BATCH)
            position = await repository.reached(session)
        events += done
        shown(position, until)
        if done == 0:
            return events


async def _replay(session: AsyncSession, clock: Clock, until: int, limit: int | None) -> int:
    """Let the new tables know of the next events; how many there were."""
    rows = await log.following(session, await repository.reached(session), until, limit)
    by_type: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_type[row.type].append(row)
    for name, found in by_type.items():
        event = EVENT_TYPES[name]
        if facts.counts(event):
            told = [log.parsed(event, row) for row in found]
            await repository.ensure_years(session, facts.years(event, told))
            await facts.keep(session, event, told, clock.date_of, NEXT)
    if rows:
        await repository.reach(session, rows[-1].position)
    return len(rows)
