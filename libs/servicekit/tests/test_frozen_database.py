"""A database that has stopped answering without going away: a client still gets an answer in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from asu_contracts.access import Role
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest, Template, TokenFactory
from servicekit.testing.harness import Database, settings_for_tests


class Wire:
    """A proxy in front of the database that can be frozen."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.address = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()[:2]
            self.address = f"{host}:{port}"
            yield

    def freeze(self) -> None:
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(*self._target)
        with suppress(OSError):
            await asyncio.gather(self._pass_on(reader, inner_writer), self._pass_on(inner_reader, writer))

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            await self._flowing.wait()
            sink.write(data)
            await sink.drain()
        sink.close()


async def test_an_answer_comes_though_the_database_is_frozen(
    definition: ServiceDefinition,
    template: Template,
    tokens: TokenFactory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("servicekit.runtime._STATEMENT_SECONDS", {True: 1, False: 1})
    monkeypatch.setattr("servicekit.db._GRACE", 0)
    real = urlsplit(template.database.url)
    wire = Wire(real.hostname or "", real.port or 0)

    async with wire.open(), ServiceUnderTest.start(definition, template, tokens, tmp_path) as service:
        behind = Database(
            service.database.name, service.database.url.replace(real.netloc.rpartition("@")[2], wire.address), "", ""
        )
        runtime = definition.runtime(settings_for_tests(definition, behind, tmp_path), "api")
        runtime.verifier = service.runtime.verifier
        service.app.state.runtime = runtime
        headers = tokens.headers(Role.REGION_ADMIN)
        assert (await service.client.get("/items", headers=headers)).status_code == 200
        wire.freeze()
        async with asyncio.timeout(20):
            answer = await service.client.get("/items", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        wire.thaw()
        assert (await service.client.get("/items", headers=headers)).status_code == 200
        await runtime.close()
