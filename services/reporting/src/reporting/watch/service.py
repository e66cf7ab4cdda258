"""Measures the ingest, and says how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from reporting.ingest import service as log
from reporting.watch import repository
from reporting.watch.metrics import MEASURED
from servicekit.jobs import Job
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

_SECONDS, _GAP_SECONDS = 30.0, 600.0


@dataclass(frozen=True)
class State:
    """The log by event type, and what is missing."""

    types: Sequence[Row[Any]]
    gaps: Sequence[Row[Any]]


async def state(uow: UnitOfWork) -> State:
    """How the ingest stood when it was measured last."""
    return State(await repository.states(uow.session), await repository.gaps(uow.session))


async def _measure(runtime: Runtime) -> None:
    until = await log.settled(runtime.engine)
    async with runtime.uow() as uow:
        await repository.measure(uow.session, until)
        rows = await repository.states(uow.session)
    now: datetime = runtime.clock.now()
    MEASURED.lag = {row.type: row.lag_seconds for row in rows}
    MEASURED.heard = {row.type: row.last_received_at for row in rows}
    MEASURED.at = now


async def _measure_gaps(runtime: Runtime) -> None:
    async with runtime.uow() as uow:
        await repository.measure_gaps(uow.session, uow.now)
        MEASURED.gaps = {row.kind: row.missing for row in await repository.gaps(uow.session)}


JOBS = (Job("ingest.measure", _SECONDS, _measure), Job("ingest.gaps", _GAP_SECONDS, _measure_gaps))
