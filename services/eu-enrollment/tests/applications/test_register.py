"""The register: what waits together is entered together, in order of coming, and nobody suffers for a neighbour."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest

from asu_contracts.access import Role, Unit, UnitKind
from eu_enrollment.applications import entering, register
from eu_enrollment.applications.entering import Entry
from eu_enrollment.applications.model import REGISTER_LOCK
from eu_enrollment.applications.register import Register
from eu_enrollment.applications.registration import Registration, Sending, prepare, registration_of
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.errors import InvalidValueError
from servicekit.ids import new_id
from servicekit.security import Principal

from ..factories import PORTAL, Town, body

MANY = 30


def runtime_of(town: Town) -> EnrollmentRuntime:
    return cast(EnrollmentRuntime, town.service.runtime)


async def registrations(town: Town, wanted: UUID, count: int = MANY) -> list[Registration]:
    runtime, now = runtime_of(town), town.service.runtime.clock.now()
    portal = Principal(PORTAL, Role.PORTAL, Unit(kind=UnitKind.REGION), None, None, now)
    async with runtime.uow() as uow:
        campaign = await campaigns.campaign_by_id(uow, UUID(town.campaign_id))
    return [
        registration_of(
            prepare(
                runtime.cipher,
                runtime.hasher,
                campaign,
                portal,
                runtime.clock.today(),
                ApplicationIn.model_validate(body(town.campaign_id, number, wanted)),
            ),
            Sending(portal, "POST /applications", str(new_id()), b"hash"),
            new_id(),
            now,
        )
        for number in range(count)
    ]


@asynccontextmanager
async def held(town: Town) -> AsyncIterator[None]:
    """Nobody gets a number meanwhile."""
    connection = await town.service.database.connect()
    try:
        await connection.execute(f"SELECT pg_advisory_lock({REGISTER_LOCK})")
        yield
    finally:
        await connection.close()


async def blocked(town: Town) -> list[int]:
    """Backends that wait for a number, once one does."""
    while True:
        found = await town.fetch(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        if found:
            return [row["pid"] for row in found]
        await asyncio.sleep(0)


async def waits(in_: Register, count: int) -> None:
    """Until so many wait to be taken into a batch."""
    while len(in_._waiting) < count:  # noqa: ASYNC110 - nothing tells of it but the queue itself
        await asyncio.sleep(0)


def numbers(entries: list[Entry | None]) -> list[int]:
    return [entry.answer["accepted_seq"] for entry in entries if entry is not None and entry.new]


async def test_what_waits_together_is_one_transaction_and_numbered_in_order_of_coming(town: Town, wanted: UUID) -> None:
    sent = await registrations(town, wanted)
    entries = await asyncio.gather(*(runtime_of(town).register.enter(one) for one in sent))
    assert len(numbers(entries)) == MANY
    assert numbers(entries) == sorted(numbers(entries))
    (row,) = await town.fetch(
        "SELECT count(*) AS rows, count(DISTINCT xmin::text) AS transactions, count(DISTINCT number) AS numbers FROM application"
    )
    assert (row["rows"], row["numbers"]) == (MANY, MANY)
    assert row["transactions"] < MANY / 2
    for table in ("application_history", "idempotency", "outbox", "application_choice"):
        assert (await town.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"] == MANY, table


async def test_a_row_the_database_refuses_harms_no_stranger(town: Town, wanted: UUID) -> None:
    sent = await registrations(town, wanted)
    sent[7] = replace(sent[7], derived=replace(sent[7].derived, age=100_000))
    sent[9] = replace(sent[9], payload="\x00")
    entries = await asyncio.gather(*(runtime_of(town).register.enter(one) for one in sent), return_exceptions=True)
    assert [type(entries[7]), type(entries[9])] == [InvalidValueError, InvalidValueError]
    assert sum(isinstance(entry, Entry) and entry.new for entry in entries) == MANY - 2
    assert await town.counts() == {"registered": MANY - 2}


async def test_two_processes_that_enter_the_same_children_enter_each_once(town: Town, wanted: UUID) -> None:
    mine = runtime_of(town)
    theirs = Register(mine.autocommit, mine.signer, lambda: None)
    sent = await registrations(town, wanted)
    again = [replace(one, id=new_id(), sending=replace(one.sending, key=str(new_id()))) for one in sent]
    both = await asyncio.gather(
        *(mine.register.enter(one) for one in sent), *(theirs.enter(one) for one in reversed(again))
    )
    assert len(numbers(list(both))) == MANY
    first, second = both[:MANY], list(reversed(both[MANY:]))
    assert all((one is None) != (other is None) for one, other in zip(first, second, strict=True))
    assert await town.counts() == {"registered": MANY}


async def test_two_processes_that_use_the_same_keys_answer_each_once(town: Town, wanted: UUID) -> None:
    mine = runtime_of(town)
    theirs = Register(mine.autocommit, mine.signer, lambda: None)
    sent = await registrations(town, wanted, 10)
    both = await asyncio.gather(*(mine.register.enter(one) for one in sent), *(theirs.enter(one) for one in sent))
    assert len(numbers(list(both))) == 10
    assert await town.counts() == {"registered": 10}
    later = await asyncio.gather(*(theirs.enter(one) for one in sent))
    assert all(entry is not None and not entry.new for entry in later)


async def test_a_database_lost_in_the_middle_is_told_and_the_same_key_gives_one_receipt(
    town: Town, wanted: UUID
) -> None:
    sent = [body(town.campaign_id, number, wanted) for number in range(5)]
    async with held(town):
        sending = asyncio.gather(*(town.send(one) for one in sent))
        for pid in await blocked(town):
            await town.fetch("SELECT pg_terminate_backend($1)", pid)
        lost = [
            answer for answer in await asyncio.wait_for(_while_held(town, sending), 20) if answer.status_code != 201
        ]
    assert lost
    assert {(answer.status_code, answer.json()["code"]) for answer in lost} == {(503, "application.try-again")}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in lost)
    again = await asyncio.gather(*(town.send(one) for one in sent))
    assert {answer.status_code for answer in again} <= {200, 201}
    assert len({answer.json()["number"] for answer in again}) == 5
    assert await town.counts() == {"registered": 5}


async def _while_held(town: Town, sending: "asyncio.Future[list[Any]]") -> list[Any]:
    """The answers, while every backend that waits for a number is lost."""
    while not sending.done():
        await town.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    return await sending


async def test_connections_lost_while_nobody_used_them_cost_no_refusal(town: Town, wanted: UUID) -> None:
    await asyncio.gather(*(town.send(body(town.campaign_id, number, wanted)) for number in range(5)))
    await town.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'enrollment-api'")
    answers = await asyncio.gather(*(town.send(body(town.campaign_id, number, wanted)) for number in range(5, 10)))
    assert [answer.status_code for answer in answers] == [201] * 5


async def test_a_full_disk_is_told_and_passes(town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise asyncpg.DiskFullError("could not extend file")

    sent = body(town.campaign_id, 1, wanted)
    monkeypatch.setattr(entering, "enter", full)
    refused = await town.send(sent)
    assert (refused.status_code, refused.json()["code"]) == (503, "application.try-again")
    monkeypatch.undo()
    assert (await town.send(sent)).status_code == 201


async def test_a_clock_that_steps_back_changes_no_order(
    town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await town.apply(1, wanted)
    clock = town.service.runtime.clock
    earlier = clock.now() - timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: earlier)
    second = await town.apply(2, wanted)
    assert second["accepted_at"] < first["accepted_at"]
    assert second["accepted_seq"] > first["accepted_seq"]


async def test_more_than_can_wait_are_asked_to_come_back(
    town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "_WAITING", 2)
    sent = [body(town.campaign_id, number, wanted) for number in range(4)]
    async with held(town):
        first = asyncio.create_task(town.send(sent[0]))
        await blocked(town)
        waiting = [asyncio.create_task(town.send(one)) for one in sent[1:3]]
        await waits(runtime_of(town).register, 2)
        refused = await town.send(sent[3])
    assert (refused.status_code, refused.json()["code"]) == (503, "application.try-again")
    assert int(refused.headers["Retry-After"]) > 0
    assert [answer.status_code for answer in await asyncio.gather(first, *waiting)] == [201] * 3
    assert (await town.send(sent[3])).status_code == 201


async def test_who_goes_away_while_waiting_is_not_entered_and_while_being_written_is(town: Town, wanted: UUID) -> None:
    first, second, third = await registrations(town, wanted, 3)
    entering_in = runtime_of(town).register
    async with held(town):
        writing = asyncio.create_task(entering_in.enter(first))
        await blocked(town)
        waiting, staying = (asyncio.create_task(entering_in.enter(one)) for one in (second, third))
        await waits(entering_in, 2)
        writing.cancel()
        waiting.cancel()
    entry = await staying
    assert entry is not None
    assert entry.new
    receipt = await entering_in.enter(replace(first, id=new_id()))  # comes back, and waits for how the first time ends
    assert receipt is not None
    assert not receipt.new
    assert {row["id"] for row in await town.fetch("SELECT id FROM application")} == {first.id, third.id}


async def test_a_retry_while_the_first_is_being_written_gets_its_receipt(town: Town, wanted: UUID) -> None:
    (one,) = await registrations(town, wanted, 1)
    entering_in = runtime_of(town).register
    async with held(town):
        first = asyncio.create_task(entering_in.enter(one))
        await blocked(town)
        again = asyncio.create_task(entering_in.enter(replace(one, id=new_id())))
        await waits(entering_in, 1)
    entry, same = await first, await again
    assert entry is not None
    assert same is not None
    assert (entry.new, same.new, same.answer) == (True, False, entry.answer)


async def test_an_unexpected_fault_is_not_hidden(town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError

    (one,) = await registrations(town, wanted, 1)
    monkeypatch.setattr(entering, "enter", broken)
    with pytest.raises(RuntimeError):
        await runtime_of(town).register.enter(one)
    monkeypatch.undo()
    assert await runtime_of(town).register.enter(one) is not None
