"""Facts are a function of the events told of their subject: this keeps the tables equal to it, batch by batch.

``told`` knows which events tell of which subject. An event that comes adds itself there; what the function gave without it is
replaced by what it gives with it. So the order of events does not matter, a rebuild from the log is the same function over the same
events, and each row opens to the events that put it there. Each event comes once: the log passes over what it has.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event
from reporting.bulk import arrays, unnest_delete, unnest_insert
from reporting.facts.versions import Version
from reporting.ingest import service as log
from reporting.ingest.told import Told

E = TypeVar("E", bound=Event)

DayOf = Callable[[datetime], date]
"""The business day of an instant."""

_TIMES = ("valid_from", "valid_to", "known_from", "known_to")


@dataclass(frozen=True)
class Projection(Generic[E]):
    """What is kept of an event type: a table of versions.

    ``subjects`` are those an event tells of, ``keys`` the values of the table's key columns for a subject by any of its events,
    ``versions`` the function, ``within`` those of the versions' values that tell apart what one subject has several of, ``years`` the
    academic years whose partitions its rows may be in. A table's columns are its key, the versions' values and the two times.
    """

    table: Table
    event: type[E]
    key: tuple[str, ...]
    subjects: Callable[[E], Iterable[UUID]]
    keys: Callable[[UUID, E], tuple[Any, ...]]
    versions: Callable[[UUID, Sequence[Told[E]], DayOf], Iterable[Version]]
    within: tuple[str, ...] = ()
    years: Callable[[E], Iterable[int]] = lambda _: ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The table's columns, in the order of rows."""
        own = (column.name for column in self.table.columns if column.name not in {*self.key, *_TIMES})
        return (*self.key, *own, *_TIMES)

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return (*self.key, *self.within, "valid_from", "known_from")

    def rows(self, subject: UUID, told: Sequence[Told[E]], day_of: DayOf) -> set[tuple[Any, ...]]:
        """The subject's rows."""
        if not told:
            return set()
        key = self.keys(subject, told[0].event)
        return {(*key, *one.valid.values, *one.times) for one in self.versions(subject, told, day_of)}


_TELL = """
    INSERT INTO {schema}.told (fact, subject, event_ids)
    SELECT :fact, subject, array_agg(event_id ORDER BY event_id)
    FROM unnest(CAST(:subjects AS uuid[]), CAST(:ids AS uuid[])) AS one (subject, event_id)
    GROUP BY subject ORDER BY subject
    ON CONFLICT (fact, subject) DO UPDATE
    SET event_ids = told.event_ids || excluded.event_ids
    RETURNING subject, event_ids
"""


@cache
def _tell(schema: str) -> TextClause:
    return text(_TELL.format(schema=schema))


async def project(
    session: AsyncSession, projection: Projection[E], told: Sequence[Told[E]], day_of: DayOf, schema: str = "facts"
) -> None:
    """Let the facts know of events. The rows of ``told`` are locked in order of subject, so that batches follow each other."""
    pairs = [(subject, one) for one in told for subject in projection.subjects(one.event)]
    if not pairs:
        return
    parameters = {
        "fact": projection.table.name,
        "subjects": [subject for subject, _ in pairs],
        "ids": [one.id for _, one in pairs],
    }
    known = (await session.execute(_tell(schema), parameters)).all()
    here = {one.id: one for one in told}
    older = await log.read(session, projection.event, {id_ for _, ids in known for id_ in ids} - here.keys())
    gone: list[tuple[Any, ...]] = []
    come: list[tuple[Any, ...]] = []
    for subject, ids in known:
        before = projection.rows(subject, [older[id_] for id_ in ids if id_ in older], day_of)
        after = projection.rows(subject, [here.get(id_) or older[id_] for id_ in ids], day_of)
        gone += before - after
        come += after - before
    await _replace(session, projection, gone, come, schema)


async def _replace(
    session: AsyncSession,
    projection: Projection[Any],
    gone: Sequence[tuple[Any, ...]],
    come: Sequence[tuple[Any, ...]],
    schema: str,
) -> None:
    columns, key = projection.columns, projection.primary_key
    if gone:
        places = [columns.index(name) for name in key]
        removed = sorted({tuple(row[place] for place in places) for row in gone})
        await session.execute(unnest_delete(projection.table, key, schema), arrays(key, removed))
    if come:
        statement = unnest_insert(projection.table, columns, "DO NOTHING", schema)
        await session.execute(statement, arrays(columns, come))
