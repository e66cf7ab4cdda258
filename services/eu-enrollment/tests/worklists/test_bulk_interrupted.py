"""One action over many applications whose worker is lost: the next goes on, and whoever comes late does nothing twice."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.bulk import repository, service
from servicekit.runs import RunContext

from ..factories import Town
from .test_bulk import preview, wanted

__all__ = ["wanted"]
STEPS = "SELECT count(*) AS n FROM application_history WHERE reason = 'place_accepted'"


class KilledError(Exception):
    """The worker is gone."""


@pytest.fixture
async def context(town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch) -> RunContext:
    """The run of an action over five applications, two at a time."""
    monkeypatch.setattr(service, "_AT_ONCE", 2)
    shown = await preview(town, action="accept", queue="to_answer")
    run = await town.post(f"/bulk/{shown['id']}/run", 202, town.operator)
    return RunContext(town.service.runtime, UUID(run["id"]), {"bulk_id": shown["id"]})


async def outcome(town: Town, context: RunContext) -> tuple[int, int, str, Any]:
    """(done, steps in the history, status of the run, what it tells)."""
    shown = await town.get(f"/bulk/{context.params['bulk_id']}")
    run = await town.get(f"/runs/{context.run_id}")
    return shown["done"], (await town.fetch(STEPS))[0]["n"], run["status"], run["result"] and run["result"]["refused"]


async def test_a_run_cut_short_goes_on_where_it_stopped(
    town: Town, context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(_context: RunContext, _done: int, _total: int) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(RunContext, "progress", killed)
        with pytest.raises(KilledError):
            await service.carry_out(context)
    assert await outcome(town, context) == (2, 2, "queued", None)
    await service.carry_out(context)
    assert await outcome(town, context) == (5, 5, "succeeded", 0)


@pytest.mark.parametrize("late", ["before the rows are read", "after the rows are read"])
async def test_two_workers_at_once_do_it_once_and_both_end(
    town: Town, context: RunContext, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    """The first has lost its lock without knowing; the second does all it can before the first goes on."""
    waiting = repository.waiting
    second: list[asyncio.Task[None]] = []

    async def overtaken() -> None:
        monkeypatch.setattr(repository, "waiting", waiting)
        second.append(asyncio.create_task(service.carry_out(context)))
        stuck = asyncio.create_task(town.blocked())
        await asyncio.wait([second[0], stuck], return_when=asyncio.FIRST_COMPLETED)
        stuck.cancel()

    async def read(session: Any, bulk_id: UUID, limit: int) -> Sequence[Any]:
        if late.startswith("before"):
            await overtaken()
            return await waiting(session, bulk_id, limit)
        rows = await waiting(session, bulk_id, limit)
        await overtaken()
        return rows

    monkeypatch.setattr(repository, "waiting", read)
    await asyncio.wait_for(service.carry_out(context), 30)
    await second[0]
    assert await outcome(town, context) == (5, 5, "succeeded", 0)
