import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from kit_sample.service import PRODUCER
from sqlalchemy import text

from asu_contracts.access import Role
from servicekit.errors import DomainError, NotFoundError
from servicekit.runs import RunContext, RunExecutor, RunHandler, Settled
from servicekit.testing import ServiceUnderTest
from servicekit.uow import UnitOfWork
from servicekit.worker import Worker


async def _start(service: ServiceUnderTest, headers: dict[str, str]) -> str:
    answer = await service.client.post("/work", headers=headers)
    assert answer.status_code == 202
    return str(answer.json()["id"])


async def _finished(service: ServiceUnderTest, run_id: str, headers: dict[str, str]) -> dict[str, Any]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        state: dict[str, Any] = (await service.client.get(f"/runs/{run_id}", headers=headers)).json()
        if state["status"] in {"succeeded", "failed"}:
            return state
        await asyncio.sleep(0.02)
    raise AssertionError("the run did not finish")


async def _while_executing(
    service: ServiceUnderTest, handlers: dict[str, RunHandler], run_id: str, headers: dict[str, str]
) -> Any:
    executor = RunExecutor(service.runtime, handlers)
    task = asyncio.create_task(executor.run())
    try:
        return await _finished(service, run_id, headers)
    finally:
        executor.stop()
        await asyncio.wait_for(task, 5)


@pytest.fixture
def headers(service: ServiceUnderTest) -> dict[str, str]:
    return service.tokens.headers(Role.REGION_ADMIN)


async def test_run_shows_progress_and_result(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    run_id = await _start(service, headers)
    queued = await service.client.get(f"/runs/{run_id}", headers=headers)
    assert (queued.json()["status"], queued.headers["retry-after"]) == ("queued", "1")
    unchanged = await service.client.get(
        f"/runs/{run_id}", headers={**headers, "If-None-Match": queued.headers["etag"]}
    )
    assert unchanged.status_code == 304
    state = await _while_executing(service, dict(PRODUCER.runs), run_id, headers)
    assert (state["status"], state["done"], state["total"], state["result"]) == ("succeeded", 3, 3, {"steps": 3})


async def test_run_is_seen_by_its_creator_alone(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    run_id = await _start(service, headers)
    other = service.tokens.headers(Role.REGION_ADMIN)
    assert (await service.client.get(f"/runs/{run_id}", headers=other)).status_code == 404


async def test_domain_error_fails_the_run_and_is_shown(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    run_id = await _start(service, headers)
    state = await _while_executing(service, {"work": PRODUCER.runs["fail"]}, run_id, headers)
    assert (state["status"], state["problem"]["code"]) == ("failed", "item.name-taken")


async def test_who_has_to_know_hears_of_a_failure_once_and_for_good(
    service: ServiceUnderTest, headers: dict[str, str]
) -> None:
    """With the row that says so, not when the work is put off or another worker has ended it."""
    heard: list[tuple[Any, str]] = []

    async def failed(uow: UnitOfWork, params: Mapping[str, Any], error: DomainError) -> None:
        status = await uow.session.scalar(text("SELECT status FROM run ORDER BY id DESC LIMIT 1"))
        heard.append((status, error.code))
        assert "steps" in params

    tries = 0

    async def away_first(context: RunContext) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise NotFoundError(retry_after=0)
        await PRODUCER.runs["fail"](context)

    run_id = await _start(service, headers)
    await _while_executing(service, {"work": Settled(away_first, failed)}, run_id, headers)
    assert (heard, tries) == ([("failed", "item.name-taken")], 2)

    async def late(context: RunContext) -> None:
        await PRODUCER.runs["work"](context)
        raise NotFoundError

    run_id = await _start(service, headers)
    executor = RunExecutor(service.runtime, {"work": Settled(late, failed)})
    task = asyncio.create_task(executor.run())
    await _finished(service, run_id, headers)
    executor.stop()
    await asyncio.wait_for(task, 5)
    state = (await service.client.get(f"/runs/{run_id}", headers=headers)).json()
    assert (state["status"], len(heard)) == ("succeeded", 1)


async def test_a_run_waits_for_what_is_away(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    """More often than a run that dies is tried: its being away is no fault of the run's."""
    tries = 0

    async def patient(context: RunContext) -> None:
        nonlocal tries
        tries += 1
        if tries <= 7:
            raise NotFoundError(retry_after=0)
        await PRODUCER.runs["work"](context)

    run_id = await _start(service, headers)
    state = await _while_executing(service, {"work": patient}, run_id, headers)
    assert (state["status"], tries) == ("succeeded", 8)


async def test_a_slow_run_lets_no_other_wait(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    entered, released = asyncio.Event(), asyncio.Event()

    async def slow(context: RunContext) -> None:
        entered.set()
        await released.wait()
        await PRODUCER.runs["work"](context)

    waiting = await _start(service, headers)
    await service.fetch("UPDATE run SET kind = 'slow'")
    executors = Worker(replace(PRODUCER, slow_runs={"slow": slow}), service.runtime).runs
    tasks = [asyncio.create_task(executor.run()) for executor in executors]
    try:
        await asyncio.wait_for(entered.wait(), 5)
        quick = await _start(service, headers)
        assert (await _finished(service, quick, headers))["status"] == "succeeded"
        assert (await service.client.get(f"/runs/{waiting}", headers=headers)).json()["status"] == "running"
        released.set()
        assert (await _finished(service, waiting, headers))["status"] == "succeeded"
    finally:
        for executor in executors:
            executor.stop()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)


async def test_a_kind_of_a_newer_release_is_left_to_it(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    unknown = await _start(service, headers)
    connection = await service.database.connect()
    await connection.execute("UPDATE run SET kind = 'unknown'")
    await connection.close()
    known = await _start(service, headers)
    state = await _while_executing(service, dict(PRODUCER.runs), known, headers)
    assert state["status"] == "succeeded"
    assert (await service.client.get(f"/runs/{unknown}", headers=headers)).json()["status"] == "queued"


async def test_fault_of_ours_fails_the_run_without_details(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    async def broken(_context: RunContext) -> None:
        raise KeyError("Иванов")

    run_id = await _start(service, headers)
    state = await _while_executing(service, {"work": broken}, run_id, headers)
    assert state["problem"]["code"] == "run-failed"
    assert "Иванов" not in str(state)


async def test_run_whose_worker_died_is_taken_up_at_once(service: ServiceUnderTest, headers: dict[str, str]) -> None:
    entered, taken = asyncio.Event(), asyncio.Event()

    async def hangs(_context: RunContext) -> None:
        entered.set()
        await asyncio.Event().wait()

    async def finishes(context: RunContext) -> None:
        taken.set()
        async with context.runtime.uow() as uow:
            await context.succeed(uow, {})

    run_id = await _start(service, headers)
    first = asyncio.create_task(RunExecutor(service.runtime, {"work": hangs}).run())
    await asyncio.wait_for(entered.wait(), 5)
    second = RunExecutor(service.runtime, {"work": finishes})
    task = asyncio.create_task(second.run())
    await asyncio.sleep(0.2)
    assert not taken.is_set()
    first.cancel()  # its connection closes, and with it the lock
    await asyncio.gather(first, return_exceptions=True)
    assert (await _finished(service, run_id, headers))["status"] == "succeeded"
    second.stop()
    await asyncio.wait_for(task, 5)
