"""Counts that are made of a day when it is over, and stand: of them nothing was ever known but what was counted.

What a day's count says when it is told once more replaces it. The rows are a function of the set of events as versions are: of the
states of a row the one with the highest sequence stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event
from reporting.bulk import arrays, unnest_insert
from reporting.ingest.told import Told

E = TypeVar("E", bound=Event)

_SEQUENCE = "sequence"


@dataclass(frozen=True)
class Newest(Generic[E]):
    """What is kept of an event type: a table with ``sequence``. ``rows`` are an event's values by column, but for that one."""

    table: Table
    event: type[E]
    rows: Callable[[E], Iterable[Mapping[str, Any]]]

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
        for one in sorted(told, key=lambda one: one.sequence):
            for row in self.rows(one.event):
                found[tuple(row[name] for name in self.key)] = {**row, _SEQUENCE: one.sequence}
        return [tuple(found[key][name] for name in self.columns) for key in sorted(found)]

    def statement(self, schema: str) -> TextClause:
        """Insertion of rows that replaces what is older."""
        changed = ", ".join(f"{one} = excluded.{one}" for one in self.columns if one not in self.key)
        newer = f"{self.table.name}.{_SEQUENCE} < excluded.{_SEQUENCE}"
        return unnest_insert(
            self.table, self.columns, f"({', '.join(self.key)}) DO UPDATE SET {changed} WHERE {newer}", schema
        )


async def keep(session: AsyncSession, newest: Newest[E], told: Sequence[Told[E]], schema: str) -> None:
    """Let the facts know of events."""
    rows = newest.merged(told)
    if rows:
        await session.execute(newest.statement(schema), arrays(newest.columns, rows))
