"""A service under test: a template database migrated once, a copy lent to each test, its application over ASGI."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from servicekit.migrations import provision, upgrade
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition
from servicekit.settings import ServiceSettings
from servicekit.testing.lending import AimedEngine, LentDatabase, kept_connections
from servicekit.testing.tokens import TokenFactory

_PASSWORD = "test"
_KEY = b64encode(b"test key of thirty-two bytes ...").decode()


def _with(url: str, database: str, user: str | None = None) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    credentials = parts.netloc.rpartition("@")[0] if user is None else f"{user}:{_PASSWORD}"
    return urlunsplit((parts.scheme, f"{credentials}@{host}", f"/{database}", "", ""))


@dataclass(frozen=True)
class Database:
    """One database: address of the application role and of the owner."""

    name: str
    url: str
    owner_url: str
    admin_url: str

    async def connect(self) -> "asyncpg.Connection[Any]":
        """A raw connection as the superuser, for looking and for breaking things."""
        return await asyncpg.connect(_with(self.admin_url, self.name))


class Template:
    """A service's migrated database, copied for each test."""

    def __init__(self, admin_url: str, definition: ServiceDefinition) -> None:
        self._admin = admin_url
        self._definition = definition
        self._short = definition.service.value
        self._clones = 0
        self._idle: list[tuple[ServiceDefinition, int, FastAPI]] = []
        self._engines: list[AimedEngine] = []
        self._spare: list[LentDatabase] = []

    async def create(self) -> None:
        """Make roles, database and extensions; in the loop whose tests take databases from each other."""
        self._loop = asyncio.get_running_loop()
        async with self._administrator() as admin:
            for role in (provision.owner(self._short), provision.application(self._short)):
                if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                    await admin.execute(provision.create_role(role))
                    await admin.execute(provision.set_password(role, _PASSWORD))
            await self._create_database(admin, self._name, "template0")
        connection = await asyncpg.connect(_with(self._admin, self._name))
        try:
            for statement in provision.furnish_database(self._short):
                await connection.execute(statement)
        finally:
            await connection.close()

    def migrate(self) -> None:
        """Run the service's migrations; outside any event loop."""
        upgrade(self._definition.package, self.database.owner_url)

    @property
    def _name(self) -> str:
        return f"{self._short}_template"

    @property
    def database(self) -> Database:
        """The template itself."""
        return self._database(self._name)

    def _database(self, name: str) -> Database:
        return Database(
            name,
            _with(self._admin, name, provision.application(self._short)),
            _with(self._admin, name, provision.owner(self._short)),
            self._admin,
        )

    async def _create_database(self, connection: "asyncpg.Connection[Any]", name: str, template: str) -> None:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(
            f"CREATE DATABASE {name} OWNER {self._short}_owner TEMPLATE {template} STRATEGY FILE_COPY "
            + (provision.LOCALE if template == "template0" else "")
        )

    async def _copy(self, admin: "asyncpg.Connection[Any]") -> str:
        self._clones += 1
        name = f"{self._short}_{self._clones}"
        await self._create_database(admin, name, self._name)
        return name

    @asynccontextmanager
    async def _administrator(self) -> AsyncIterator["asyncpg.Connection[Any]"]:
        connection = await asyncpg.connect(self._admin)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def clone(self) -> AsyncIterator[Database]:
        """A copy of the migrated database, removed afterwards."""
        async with self._administrator() as admin:
            name = await self._copy(admin)
            yield self._database(name)
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Database]:
        """A database as migrated, which the next test takes where what this one did can be taken back."""
        at_home = asyncio.get_running_loop() is self._loop
        lent = self._spare.pop() if at_home and self._spare else await self._new()
        restored = False
        try:
            yield self._database(lent.name)
            engines = [one for one in self._engines if one.database == lent.name]
            if at_home and all(one.is_idle for one in engines):
                restored = await lent.restore([process for one in engines for process in one.processes])
        finally:
            if restored:
                self._spare.append(lent)
            else:
                await self._put_away(lent)

    async def _new(self) -> LentDatabase:
        async with self._administrator() as admin:
            name = await self._copy(admin)
        return await LentDatabase.open(name, await self._database(name).connect())

    async def _put_away(self, lent: LentDatabase) -> None:
        for engine in self._engines:
            if engine.database == lent.name:
                await engine.leave()
        await lent.close()
        async with self._administrator() as admin:
            await admin.execute(f"DROP DATABASE {lent.name} WITH (FORCE)")

    async def close(self) -> None:
        """Remove the databases that tests may still have taken."""
        while self._spare:
            await self._put_away(self._spare.pop())

    @contextmanager
    def runtime(self, definition: ServiceDefinition, settings: ServiceSettings) -> Iterator[Runtime]:
        """A runtime over an engine that another test's had before, if it is idle."""
        taken: list[AimedEngine] = []

        def take(url: str, **options: Any) -> AsyncEngine:
            database = urlsplit(url).path.removeprefix("/")
            found = next((one for one in self._engines if one.options == options and one.suits(database)), None)
            if found is None:
                found = AimedEngine(url, options)
            else:
                self._engines.remove(found)
            found.database = database
            taken.append(found)
            return found.engine

        with patch("servicekit.runtime.create_engine", take):
            runtime = definition.runtime(settings, "api")
        try:
            yield runtime
        finally:
            self._engines += taken

    @contextmanager
    def application(self, definition: ServiceDefinition, runtime: Runtime) -> Iterator[FastAPI]:
        """The application around ``runtime``, used again by the next test: making hundreds of routes takes longer than most tests."""
        limit = runtime.settings.body_limit
        found = next((one for one in self._idle if one[0] is definition and one[1] == limit), None)
        if found is not None:
            self._idle.remove(found)
        app = definition.app(runtime) if found is None else found[2]
        app.state.runtime = runtime
        yield app
        self._idle.append((definition, limit, app))


def settings_for_tests(definition: ServiceDefinition, database: Database, files: Path, **more: Any) -> ServiceSettings:
    """Settings of a process under test."""
    values: dict[str, Any] = {
        "database_url": database.url,
        "database_owner_url": database.owner_url,
        "amqp_url": "amqp://127.0.0.1:1/none",
        "field_keys": f"test:{_KEY}",
        "transport_keys": f"test:{_KEY}",
        "hash_key": f"test:{_KEY}",
        "files_dir": files,
        **more,
    }
    return definition.settings.model_validate(values)


@asynccontextmanager
async def _nested(connection: AsyncConnection) -> AsyncIterator[AsyncConnection]:
    """A transaction inside that of a connection."""
    async with connection.begin_nested():
        yield connection


class ServiceUnderTest:
    """One service with its own database: runtime, HTTP client, tokens."""

    def __init__(
        self, definition: ServiceDefinition, database: Database, runtime: Runtime, tokens: TokenFactory, app: FastAPI
    ) -> None:
        self.definition = definition
        self.database = database
        self.runtime = runtime
        self.tokens = tokens
        self.app = app
        self._looking: asyncpg.Connection[Any] | None = None
        self._look = asyncio.Lock()
        self._rehearsed: AsyncConnection | None = None
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=f"http://test/api/{definition.service.value}/v1")

    @classmethod
    @asynccontextmanager
    async def start(
        cls, definition: ServiceDefinition, template: Template, tokens: TokenFactory, files: Path, **settings: Any
    ) -> AsyncIterator["ServiceUnderTest"]:
        """The service over a fresh database; ``settings`` override the defaults of a test."""
        async with template.lend() as database:
            in_tests = settings_for_tests(definition, database, files, **settings)
            with template.runtime(definition, in_tests) as runtime, template.application(definition, runtime) as app:
                runtime.verifier = tokens.verifier()
                service = cls(definition, database, runtime, tokens, app)
                try:
                    yield service
                finally:
                    await service.client.aclose()
                    with kept_connections():
                        await runtime.close()
                    if service._looking is not None:
                        await service._looking.close()

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        """Look at the database, or furnish it, past the service: as the superuser, in one connection that is kept."""
        async with self._look:
            if self._looking is None or self._looking.is_closed():
                self._looking = await self.database.connect()
            return await self._looking.fetch(query, *arguments)

    @asynccontextmanager
    async def rehearsal(self) -> AsyncIterator[None]:
        """What the service commits inside is taken back at the end: only what it does in its own units of work.

        Constraints that wait for the end of a transaction are asked before, so that an answer given inside is honest. One inside
        another finds what that one did. All of it is one transaction, which keeps the isolation it began with, and connections that the
        service takes beside its units of work are part of it.
        """
        if self._rehearsed is not None:
            inner = await self._rehearsed.begin_nested()
            try:
                yield
                await self._rehearsed.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            finally:
                await inner.rollback()
            return
        sessions, dialect = self.runtime.sessions, self.runtime.engine.sync_engine.dialect
        async with self.runtime.engine.connect() as connection:
            whole = await connection.begin()
            sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
            self._rehearsed = connection
            try:
                with (
                    patch.object(dialect, "set_connection_execution_options"),
                    patch.object(AsyncEngine, "begin", partial(_nested, connection)),
                ):
                    yield
                await connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            finally:
                self._rehearsed = None
                sessions.configure(bind=self.runtime.engine, join_transaction_mode="conditional_savepoint")
                await whole.rollback()
