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

_MANY_ROWS = 2_000
_NOTE_DEFINITIONS = """
    CREATE SCHEMA harness;
    CREATE TABLE harness.definition_change (command text NOT NULL);
    CREATE FUNCTION harness.note_change() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN INSERT INTO harness.definition_change VALUES (tg_tag); END $$;
    CREATE EVENT TRIGGER note_change ON ddl_command_end EXECUTE FUNCTION harness.note_change()"""
_OURS = """SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'harness')"""
_TABLES = f"{_OURS} AND relkind = 'r' ORDER BY 1"
_SEQUENCES = f"{_OURS} AND relkind = 'S' ORDER BY 1"
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
    """What the migrations left: the tables with their rows' digest (none for an empty one), the sequences' state."""

    empty: list[str]
    filled: dict[str, str]
    sequences: str

    @classmethod
    async def take(cls, connection: "asyncpg.Connection[Any]") -> "_Picture":
        tables = [row[0] for row in await connection.fetch(_TABLES)]
        filled = {
            table: digest for table in tables if (digest := await connection.fetchval(_digest(table))) is not None
        }
        sequences = []
        for (name,) in await connection.fetch(_SEQUENCES):
            value, called = await connection.fetchrow(f"SELECT last_value, is_called FROM {name}")  # type: ignore[misc]
            sequences.append(f"setval('{name}', {value}, {called})")
        return cls([table for table in tables if table not in filled], filled, ", ".join(sequences))


def _digest(table: str) -> str:
    return f"SELECT md5(string_agg(row::text, '|' ORDER BY row::text)) FROM {table} row"


class LentDatabase:
    """A database that goes from test to test."""

    def __init__(self, name: str, connection: "asyncpg.Connection[Any]", picture: _Picture) -> None:
        self.name = name
        self._connection = connection
        self._picture = picture
        written = ", ".join(f"CASE WHEN EXISTS (SELECT FROM {table}) THEN '{table}' END" for table in picture.empty)
        self._written = f"SELECT array_remove(ARRAY[{written}]::text[], NULL)"

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
        for table, digest in self._picture.filled.items():
            if await connection.fetchval(_digest(table)) != digest:
                return False
        written = await connection.fetchval(self._written)
        rows = 0
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '2s'")
            for table in written:
                rows += int((await connection.execute(f"DELETE FROM {table}")).split()[-1])
            if self._picture.sequences:
                await connection.execute(f"SELECT {self._picture.sequences}")
        if written:  # rows of the next test lie in the order of their writing again
            await connection.execute(f"VACUUM (PROCESS_TOAST off) {', '.join(written)}")
        return rows <= _MANY_ROWS

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
