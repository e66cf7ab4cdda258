"""Periodic jobs of a worker, each under an advisory lock so that one replica does it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg
import structlog

from servicekit.db import asyncpg_dsn
from servicekit.runtime import Runtime

log = structlog.get_logger(__name__)


_LOCK = "SELECT pg_try_advisory_lock(hashtext('asu.job.' || $1))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('asu.job.' || $1))"
_AGAIN = 60.0
"""Seconds after which a job that failed is tried again, if its turn does not come before."""


@dataclass(frozen=True)
class Job:
    """Work repeated every ``seconds``, first right after the start."""

    name: str
    seconds: float
    action: Callable[[Runtime], Awaitable[None]]


class Schedule:
    """Repeats jobs, each on its own, until told to stop; a failure is logged and tried again.

    One session of its own holds the locks of all: a lock must not take a connection of the pool from the work it guards (with as many
    jobs as connections none would ever begin), and a transaction left idle through a long job would be ended by the server.
    """

    def __init__(self, runtime: Runtime, jobs: Sequence[Job]) -> None:
        self._runtime = runtime
        self._jobs = jobs
        self._stopping = asyncio.Event()
        self._turn = asyncio.Lock()
        self._session: asyncpg.Connection | None = None

    def stop(self) -> None:
        """Return from ``run`` after the work in hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Repeat the jobs until stopped; survives the loss of the database."""
        try:
            async with asyncio.TaskGroup() as group:
                for job in self._jobs:
                    group.create_task(self._repeat(job))
        finally:
            self._forget_session()

    async def _repeat(self, job: Job) -> None:
        while not self._stopping.is_set():
            pause = job.seconds
            try:
                async with self._held(job.name) as held:
                    if held:
                        await job.action(self._runtime)
            except Exception as error:  # noqa: BLE001 - a job must not take the worker down
                log.warning("job_failed", job=job.name, error=type(error).__name__)
                pause = min(pause, _AGAIN)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    @asynccontextmanager
    async def _held(self, name: str) -> AsyncIterator[bool]:
        held = await self._ask(_LOCK, name)
        try:
            yield held
        finally:
            if held:
                await self._ask(_UNLOCK, name)

    async def _ask(self, query: str, name: str) -> bool:
        async with self._turn:
            try:
                if self._session is None or self._session.is_closed():
                    dsn = asyncpg_dsn(self._runtime.settings.direct_url.get_secret_value())
                    self._session = await asyncpg.connect(dsn, timeout=5, command_timeout=10)
                return bool(await self._session.fetchval(query, name))
            except BaseException:
                self._forget_session()  # nobody knows what it holds: with it go its locks
                raise

    def _forget_session(self) -> None:
        if self._session is not None:
            self._session.terminate()
            self._session = None
