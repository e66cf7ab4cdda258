"""One database for many tests, one after another: each finds it as the migrations left it, and its connections warm.

A copy of its own for each test, with connections that know nothing yet, takes longer than most tests.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import asyncpg
from sqlalchemy import Dialect, event
from sqlalchemy.ext.asyncio import AsyncEngine

from servicekit.db import create_engine

_MUCH = 2 << 20
"""Bytes of rows: what takes longer to delete than the next copy to make."""
_NOTE_DEFINITIONS = """
    CREATE SCHEMA harness;
    CREATE TABLE harness.definition_change (command text NOT NULL);
    CREATE FUNCTION harness.note_change() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN INSERT INTO harness.definition_change VALUES (tg_tag); END $$;
    CREATE EVENT TRIGGER note_change ON ddl_command_end EXECUTE FUNCTION harness.note_change()"""
_OURS = """FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'harness')"""
_TABLES = f"SELECT c.oid, c.oid::regclass::text {_OURS} AND relkind = 'r' ORDER BY 2"
_SEQUENCES = f"SELECT c.oid::regclass::text {_OURS} AND relkind = 'S' ORDER BY 1"
# A table that was vacuumed when it had no rows has no size. Asking each for a row plans hundreds of queries anew every time.
_WRITTEN = """SELECT one::regclass::text, size FROM unnest($1::oid[]) AS one, pg_relation_size(one::regclass) AS size
    WHERE size > 0 ORDER BY 1"""
_STRANGERS = (
    "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL($1)"
)
_MORE_THAN_ROWS = """
    SELECT EXISTS (SELECT FROM harness.definition_change)
        OR EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                   WHERE l.locktype = 'advisory' AND d.datname = current_database())
        OR (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid = ANY($1)) < cardinality($1)"""


@dataclass(frozen=True)
class _Picture:
    """What the migrations left: the tables that are empty, the statement that tells the rest's rows, what it tells, the sequences."""

    empty: list[int]
    told_by: str
    told: str
    sequences: str

    @classmethod
    async def take(cls, connection: "asyncpg.Connection[Any]") -> "_Picture":
        tables = dict(await connection.fetch(_TABLES))
        filled = [one for one in tables if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {tables[one]})")]
        digests = (
            f"(SELECT md5(string_agg(row::text, '|' ORDER BY row::text)) FROM {tables[one]} row)" for one in filled
        )
        told_by = f"SELECT concat_ws(' ', 'rows:', {', '.join(digests)})"
        sequences = ["true"]
        for (name,) in await connection.fetch(_SEQUENCES):
            value, called = await connection.fetchrow(f"SELECT last_value, is_called FROM {name}")  # type: ignore[misc]
            sequences.append(f"setval('{name}', {value}, {called})")
        empty = [one for one in tables if one not in filled]
        return cls(empty, told_by, await connection.fetchval(told_by), ", ".join(sequences))


class LentDatabase:
    """A database that goes from test to test."""

    def __init__(self, name: str, connection: "asyncpg.Connection[Any]", picture: _Picture) -> None:
        self.name = name
        self._connection = connection
        self._picture = picture

    @classmethod
    async def open(cls, name: str, connection: "asyncpg.Connection[Any]") -> "LentDatabase":
        """Of a fresh copy; ``connection`` is a superuser's, and its own from now on."""
        await connection.execute(_NOTE_DEFINITIONS)
        return cls(name, connection, await _Picture.take(connection))

    async def restore(self, ours: Collection[int]) -> bool:
        """Take back what a test wrote; false where that is not worth it, or more was done than rows written.

        ``ours``: processes of the connections that stay; every other one is cut off.
        """
        connection, known = self._connection, [*ours, self._connection.get_server_pid()]
        await connection.fetch(_STRANGERS, known)
        if await connection.fetchval(_MORE_THAN_ROWS, known):
            return False
        if await connection.fetchval(self._picture.told_by) != self._picture.told:
            return False
        written = await connection.fetch(_WRITTEN, self._picture.empty)
        if sum(size for _, size in written) > _MUCH:
            return False
        tables = [table for table, _ in written]
        await connection.execute(
            "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '2s';"
            + "".join(f"DELETE FROM {table};" for table in tables)
            + f"SELECT {self._picture.sequences}; COMMIT"
        )
        if (
            tables
        ):  # rows of the next test lie in the order of their writing again, and a table without rows has no size
            await connection.execute(f"VACUUM (PROCESS_TOAST off) {', '.join(tables)}")
        return True

    async def close(self) -> None:
        """Release the connection."""
        await self._connection.close()


class AimedEngine:
    """An engine that goes from test to test, aimed at each one's database.

    A new engine compiles every statement anew: a sixth of the time of a service's tests. Its connections stay as long as the
    database does.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self.options = options
        self.database = ""
        self.engine = create_engine(url, **options)
        self._processes: dict[int, int] = {}
        event.listen(self.engine.sync_engine, "do_connect", self._aim)
        event.listen(self.engine.sync_engine, "connect", self._connected)
        event.listen(self.engine.sync_engine, "close", self._closed)

    def _aim(self, _dialect: Dialect, _record: object, _args: object, connect: dict[str, Any]) -> None:
        connect["database"] = self.database

    def _connected(self, connection: Any, _record: object) -> None:
        self._processes[id(connection)] = connection.driver_connection.get_server_pid()

    def _closed(self, connection: Any, _record: object) -> None:
        self._processes.pop(id(connection), None)

    @property
    def processes(self) -> Collection[int]:
        """Server processes of the connections it keeps."""
        return self._processes.values()

    def suits(self, database: str) -> bool:
        """Whether it can serve that database as it is."""
        return self.database == database or not self._processes

    @property
    def is_idle(self) -> bool:
        """Whether nobody holds a connection of it."""
        pool: Any = self.engine.pool
        return bool(pool.checkedout() == 0)

    async def leave(self) -> None:
        """Close its connections: the database goes."""
        await self.engine.dispose()
        self._processes.clear()


@contextmanager
def kept_connections() -> Iterator[None]:
    """A runtime that closes inside leaves its engine's connections to the next test."""

    async def keep(_engine: AsyncEngine, close: bool = True) -> None:
        pass

    with patch.object(AsyncEngine, "dispose", keep):
        yield
