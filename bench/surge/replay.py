"""The servers of the day, who kills them, and the whole run."""

import asyncio
import os
import platform
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import httpx

from asu_contracts.access import Role
from bench.acceptance.bodies import PLACE
from bench.acceptance.serving import Process, environment, key_server, process
from bench.servers import migrated
from bench.surge import proof
from bench.surge.clients import Crowd, Tally
from bench.surge.crowd import Sender, crowd
from eu_enrollment.acceptance_log import service as acceptance_log
from eu_enrollment.bootstrap import SERVICE
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.settings import EnrollmentSettings
from servicekit.faults import CONTENTION, is_infrastructure, sqlstate
from servicekit.testing import Database, TokenFactory
from servicekit.testing.servers import LocalPostgres, free_port

_SEAL_SECONDS = 1.0


@dataclass
class Result:
    """What there is to tell of a run. Seconds are since the first sending."""

    senders: list[Sender]
    tally: Tally
    receipts: int = 0
    refused: int = 0
    blocks: int = 0
    seconds: float = 0.0
    accepted_after: float = 0.0
    outages: dict[str, float | None] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    hardware: str = ""


async def replay(count: int, processes: int, seed: int, *, durable: bool = True) -> Result:
    """Send the crowd through ``processes`` processes of the service; both are killed on the way and PostgreSQL with them."""
    senders, order = crowd(count, seed)
    postgres = await asyncio.to_thread(LocalPostgres, durable=durable)
    try:
        async with _town(postgres, processes) as town:
            return await _run(town, senders, order)
    finally:
        await asyncio.to_thread(postgres.close)


@dataclass(frozen=True)
class _Town:
    postgres: LocalPostgres
    database: Database
    services: list[Process]
    token: str
    runtime: EnrollmentRuntime

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.services[0].port}/api/enrollment/v1"


@asynccontextmanager
async def _town(postgres: LocalPostgres, processes: int) -> AsyncIterator[_Town]:
    tokens = TokenFactory()
    async with AsyncExitStack() as running:
        folder = Path(running.enter_context(TemporaryDirectory()))
        keys = running.enter_context(key_server(tokens))
        database = (await migrated(postgres.url, SERVICE)).database
        connection = await database.connect()
        await connection.execute(PLACE)
        await connection.close()
        services = []
        for port in [free_port() for _ in range(processes)]:
            variables = environment(database.url, folder, keys, port)
            services.append(await running.enter_async_context(process(["eu_enrollment", "api"], variables, port)))
        settings = EnrollmentSettings.model_validate(
            {name.removeprefix("ASU_").lower(): value for name, value in variables.items()}
        )
        runtime = cast("EnrollmentRuntime", SERVICE.runtime(settings, "worker"))
        running.push_async_callback(runtime.close)
        token = tokens.issue(Role.PORTAL, account_id="portal", lifetime=24 * 3600)
        yield _Town(postgres, database, services, token, runtime)


async def _run(town: _Town, senders: list[Sender], order: list[Sender]) -> Result:
    kills = _Kills(town, len(order))
    people = Crowd([one.port for one in town.services], town.token, kills.progress)
    result = Result(senders, people.tally, hardware=_hardware())
    sealing = asyncio.create_task(_seal_now_and_then(town.runtime))
    killing = asyncio.create_task(kills.run())
    started = time.monotonic()
    await people.send(order)
    result.seconds = time.monotonic() - started
    result.accepted_after = max(people.tally.first_answers) - started
    await killing
    sealing.cancel()
    result.outages = {name: _outage(senders, moment) for name, moment in kills.done.items()}
    await _prove(town, result)
    return result


async def _prove(town: _Town, result: Result) -> None:
    senders = result.senders
    given, doubts = proof.receipts_of(senders)
    result.receipts = len(given)
    result.refused = sum(answer.status == proof.CONFLICT for sender in senders for answer in sender.answers)
    async with httpx.AsyncClient(base_url=town.api, trust_env=False) as client:
        keys = (await client.get("/receipts/keys")).raise_for_status().json()
    doubts += proof.order_doubts(senders, given)
    connection = await town.database.connect()
    try:
        doubts += await proof.register_doubts(connection, given, keys)
        doubts += await proof.log_doubts(town.runtime, given, town.api, keys)
        result.blocks = await connection.fetchval("SELECT count(*) FROM acceptance_block")
    finally:
        await connection.close()
    result.doubts = doubts


class _Kills:
    """Kills the service after a third of the sendings and PostgreSQL after two thirds, and starts them again at once."""

    def __init__(self, town: _Town, total: int) -> None:
        self._town = town
        self._plan: list[tuple[int, str, Callable[[], Awaitable[None]]]] = [
            (total // 3, "служба", self._kill_service),
            (2 * total // 3, "PostgreSQL", self._kill_postgres),
        ]
        self._reached = {at: asyncio.Event() for at, _, _ in self._plan}
        self.done: dict[str, float] = {}

    def progress(self, answered: int) -> None:
        """Take note of how many sendings are answered."""
        if answered in self._reached:
            self._reached[answered].set()

    async def run(self) -> None:
        """Kill as planned."""
        for at, name, kill in self._plan:
            await self._reached[at].wait()
            self.done[name] = time.monotonic()
            await kill()

    async def _kill_service(self) -> None:
        for one in self._town.services:
            await one.end(signal.SIGKILL)
        for one in self._town.services:
            await one.start()

    async def _kill_postgres(self) -> None:
        await asyncio.to_thread(self._town.postgres.kill)
        await asyncio.to_thread(self._town.postgres.start)


def _outage(senders: list[Sender], moment: float) -> float | None:
    """Seconds from a kill to the first new receipt that was asked for after it; ``None`` when none was left to ask for."""
    after = (
        answer.answered_at - moment
        for sender in senders
        for answer in sender.answers
        if answer.sent_at > moment and answer.status == proof.CREATED
    )
    return min(after, default=None)


async def _seal_now_and_then(runtime: EnrollmentRuntime) -> None:
    """What the worker does, more often; a database that is away, or a batch that takes long, is waited for."""
    while True:
        try:
            await acceptance_log.seal(runtime)
        except Exception as error:
            if not is_infrastructure(error) and sqlstate(error) not in CONTENTION:
                raise
        await asyncio.sleep(_SEAL_SECONDS)


def _hardware() -> str:
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{names[0] if names else platform.machine()}, ядер {os.cpu_count()}, память {memory / 2**20:.0f} ГиБ"


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
