"""Periodic jobs of a worker, each under an advisory lock so that one replica does it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import text

from servicekit.runtime import Runtime

log = structlog.get_logger(__name__)


_LOCK = text("SELECT pg_try_advisory_lock(hashtext(:name))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtext(:name))")


@dataclass(frozen=True)
class Job:
    """Work repeated every ``seconds``, first right after the start."""

    name: str
    seconds: float
    action: Callable[[Runtime], Awaitable[None]]


async def run_job(runtime: Runtime, job: Job, stopping: asyncio.Event) -> None:
    """Repeat until told to stop; a failure is logged and tried again at the next turn."""
    while not stopping.is_set():
        try:
            # The lock is the session's: a transaction left idle through a long job would be ended by the server.
            async with runtime.autocommit.connect() as connection:
                try:
                    if await connection.scalar(_LOCK, {"name": f"asu.job.{job.name}"}):
                        await job.action(runtime)
                        await connection.execute(_UNLOCK, {"name": f"asu.job.{job.name}"})
                except BaseException:
                    await connection.invalidate()  # the pool must not get a session back that may hold the lock
                    raise
        except Exception as error:  # noqa: BLE001 - a job must not take the worker down
            log.warning("job_failed", job=job.name, error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), job.seconds)
