"""Facts kept as they were told last: nobody asks what was known of them before, and there are many.

The rows are a function of the set of events as those with two times are: of the states of a row the one with the highest sequence
stands, with the instant the first of them was recorded at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event
from reporting.bulk import arrays, unnest_insert
from reporting.ingest.told import Told

E = TypeVar("E", bound=Event)

_FIRST, _SEQUENCE = "first_told_at", "sequence"


@dataclass(frozen=True)
class Newest(Generic[E]):
    """What is kept of an event type: a table with ``sequence`` and, where it matters, ``first_told_at``.

    ``rows`` are an event's values by column, but for these two. ``years`` are the academic years whose partitions they may be in.
    """

    table: Table
    event: type[E]
    rows: Callable[[E], Iterable[Mapping[str, Any]]]
    years: Callable[[E], Iterable[int]] = lambda _: ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The table's columns, in the order of rows."""
        return tuple(self.table.c.keys())

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return tuple(self.table.primary_key.columns.keys())

    def merged(self, told: Iterable[Told[E]]) -> list[tuple[Any, ...]]:
        """Rows of a batch, one each, in order of key: concurrent batches then lock them in one order."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        first: dict[tuple[Any, ...], datetime] = {}
        for one in sorted(told, key=lambda one: one.sequence):
            for row in self.rows(one.event):
                key = tuple(row[name] for name in self.key)
                first[key] = min(first.get(key, one.at), one.at)
                found[key] = {**row, _FIRST: first[key], _SEQUENCE: one.sequence}
        return [tuple(found[key][name] for name in self.columns) for key in sorted(found)]

    def statement(self, schema: str) -> TextClause:
        """Insertion of rows that replaces what is older."""
        name, newer = self.table.name, f"{self.table.name}.{_SEQUENCE} < excluded.{_SEQUENCE}"
        plain = [one for one in self.columns if one not in {*self.key, _FIRST}]
        if _FIRST not in self.columns:
            changed = ", ".join(f"{one} = excluded.{one}" for one in plain)
            return unnest_insert(
                self.table, self.columns, f"({', '.join(self.key)}) DO UPDATE SET {changed} WHERE {newer}", schema
            )
        changed = ", ".join(f"{one} = CASE WHEN {newer} THEN excluded.{one} ELSE {name}.{one} END" for one in plain)
        earlier = f"excluded.{_FIRST} < {name}.{_FIRST}"
        changed += f", {_FIRST} = least({name}.{_FIRST}, excluded.{_FIRST})"
        return unnest_insert(
            self.table,
            self.columns,
            f"({', '.join(self.key)}) DO UPDATE SET {changed} WHERE {newer} OR {earlier}",
            schema,
        )


async def keep(session: AsyncSession, newest: Newest[E], told: Sequence[Told[E]], schema: str) -> None:
    """Let the facts know of events."""
    rows = newest.merged(told)
    if rows:
        await session.execute(newest.statement(schema), arrays(newest.columns, rows))
