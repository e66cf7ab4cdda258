"""The worker process: relay, consumers, runs, periodic jobs, and a small health server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from servicekit.db import check_database
from servicekit.http.health import health_router
from servicekit.jobs import Job, Schedule
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.relay import Relay
from servicekit.retention import prune
from servicekit.runs import RunExecutor
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition

log = structlog.get_logger(__name__)

_DAY = 24 * 3600.0
_DRAIN_SECONDS = 25.0


class Worker:
    """Everything of a service that is not HTTP, started and stopped together."""

    def __init__(self, definition: ServiceDefinition, runtime: Runtime) -> None:
        self.runtime = runtime
        self.relay = Relay(runtime)
        self.consumers = [
            Consumer(runtime, queue, definition.handlers[queue.concern]) for queue in definition.topology.queues
        ]
        self.runs = [RunExecutor(runtime, kinds) for kinds in (definition.runs, definition.slow_runs) if kinds]
        self.schedule = Schedule(runtime, [*definition.jobs, Job("prune", _DAY, prune)])
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start every loop."""
        loops = [
            *(self.relay.run(), self.schedule.run()),
            *(consumer.run() for consumer in self.consumers),
            *(executor.run() for executor in self.runs),
        ]
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        self._background = [asyncio.create_task(self.runtime.run_notifier()), asyncio.create_task(self.relay.measure())]

    async def stop(self) -> None:
        """Finish what is in hand, then stop; what does not finish in time is cut and taken up again later."""
        self.relay.stop()
        self.schedule.stop()
        for consumer in self.consumers:
            consumer.stop()
        for executor in self.runs:
            executor.stop()
        _, late = await asyncio.wait(self._tasks, timeout=_DRAIN_SECONDS)
        for task in [*late, *self._background]:
            task.cancel()
        await asyncio.gather(*late, *self._background, return_exceptions=True)
        await self.runtime.close()

    async def check_database(self) -> None:
        """Readiness: the database is there and fit."""
        await check_database(self.runtime.engine)

    async def check_broker(self) -> None:
        """Readiness: every consumer is connected."""
        if not all(consumer.connected for consumer in self.consumers):
            raise RuntimeError("a consumer is not connected")


def worker_app(definition: ServiceDefinition, runtime: Runtime) -> FastAPI:
    """The worker as an application whose only routes are health and metrics."""
    worker = Worker(definition, runtime)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        worker.start()
        yield
        await worker.stop()

    app = FastAPI(
        title=f"{definition.title}: worker", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.include_router(health_router({"database": worker.check_database, "broker": worker.check_broker}))
    return app
