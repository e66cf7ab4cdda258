"""Relay, consumer and failure path over a real broker and real databases."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import aio_pika
import pytest
import pytest_asyncio
from kit_sample.service import CONSUMER, MOVEMENTS, PRODUCER, Recorder, movement

from asu_contracts.base import Event
from asu_contracts.core import AdmissionRejected, GuardianshipChanged, MovementRecorded, RejectionReason
from asu_contracts.exchanges import Service
from servicekit.ids import new_id
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.deadletters import DeadLetters
from servicekit.messaging.definitions import build
from servicekit.messaging.relay import Relay
from servicekit.messaging.republish import Aggregate, Republish, raise_epoch, republish
from servicekit.messaging.topology import MAX_ATTEMPTS
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition
from servicekit.testing import Template
from servicekit.testing.harness import Database, settings_for_tests
from servicekit.testing.servers import PASSWORD, VirtualHost
from servicekit.testing.worker import eventually

TOPOLOGIES = [PRODUCER.topology, CONSUMER.topology]


class Side:
    """One service of the pair, with its database."""

    def __init__(self, definition: ServiceDefinition, database: Database, runtime: Runtime) -> None:
        self.definition = definition
        self.database = database
        self.runtime = runtime

    async def fetch(self, query: str) -> list[Any]:
        connection = await self.database.connect()
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def value(self, query: str) -> Any:
        return (await self.fetch(query))[0][0]


@asynccontextmanager
async def side(
    definition: ServiceDefinition, template: Template, host: VirtualHost, files: Path
) -> AsyncIterator[Side]:
    async with template.clone() as database:
        settings = settings_for_tests(definition, database, files, amqp_url=host.url(definition.service))
        runtime = definition.runtime(settings, "worker")
        try:
            yield Side(definition, database, runtime)
        finally:
            await runtime.close()


@pytest.fixture(scope="module")
def reader_template(postgres: str) -> Template:
    made = Template(postgres, CONSUMER)
    asyncio.run(made.create())
    made.migrate()
    return made


@pytest.fixture
def host(virtual_host: Callable[..., VirtualHost]) -> VirtualHost:
    return virtual_host(TOPOLOGIES, wait_ms=50, delivery_limit=2)


@pytest_asyncio.fixture
async def producer(template: Template, host: VirtualHost, tmp_path: Path) -> AsyncIterator[Side]:
    async with side(PRODUCER, template, host, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def reader(reader_template: Template, host: VirtualHost, tmp_path: Path) -> AsyncIterator[Side]:
    Recorder.failures.clear()
    Recorder.batches.clear()
    async with side(CONSUMER, reader_template, host, tmp_path) as made:
        yield made


@asynccontextmanager
async def running(loop: Relay | Consumer) -> AsyncIterator[None]:
    task = asyncio.create_task(loop.run())
    try:
        yield
    finally:
        loop.stop()
        await asyncio.wait_for(task, 10)


def consumer_of(reader: Side) -> Consumer:
    return Consumer(reader.runtime, MOVEMENTS, CONSUMER.handlers["movements"])


async def publish(producer: Side, count: int) -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    async with producer.runtime.uow() as uow:
        for event_id in ids:
            uow.publish(movement(event_id))
    return ids


async def depth(host: VirtualHost, queue: str) -> int:
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        declared = await (await connection.channel()).get_queue(queue)
        return declared.declaration_result.message_count or 0


async def delete_queue(host: VirtualHost, queue: str) -> None:
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        await (await connection.channel()).queue_delete(queue)


async def put(host: VirtualHost, message: aio_pika.Message) -> None:
    """Straight into the work queue, as a foreign or broken producer could."""
    connection = await aio_pika.connect(host.admin_url)
    async with connection:
        await (await connection.channel()).default_exchange.publish(message, MOVEMENTS.name)


async def test_events_travel_once_and_in_batches(producer: Side, reader: Side) -> None:
    ids = await publish(producer, 300)
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 300))
    assert {row["id"] for row in await reader.fetch("SELECT id FROM seen")} == set(ids)
    assert await producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 0
    assert max(Recorder.batches) > 1
    assert await reader.value("SELECT count(*) FROM inbox") == 300


async def _is(value: Awaitable[Any], expected: Any) -> bool:
    return bool(await value == expected)


async def test_relay_that_died_after_the_broker_confirmed_repeats_and_the_inbox_absorbs(
    producer: Side, reader: Side
) -> None:
    await publish(producer, 5)
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 5))
        await producer.fetch("UPDATE outbox SET published_at = NULL RETURNING id")  # as if it had not been marked
        await eventually(lambda: _is(producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"), 0))
        await asyncio.sleep(0.3)
    assert await reader.value("SELECT count(*) FROM seen") == 5


async def test_unroutable_event_is_kept_and_holds_back_only_its_subject(producer: Side, reader: Side) -> None:
    stuck = new_id()
    async with producer.runtime.uow() as uow:  # its reader, enrollment, has no queue on this host
        uow.publish(
            AdmissionRejected(
                rejection_id=stuck, admission_id=new_id(), application_id=new_id(), reason=RejectionReason.GROUP_FULL
            )
        )
        uow.publish(movement())
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 1))
        await eventually(
            lambda: _is(producer.value(f"SELECT attempts > 0 FROM outbox WHERE event_id = '{stuck}'"), True)
        )
    row = (await producer.fetch("SELECT * FROM outbox WHERE published_at IS NULL"))[0]
    assert row["event_id"] == stuck
    assert row["last_error"]
    assert row["next_attempt_at"] is not None


async def test_an_event_of_a_newer_release_waits_and_holds_nobody_back(producer: Side, reader: Side) -> None:
    await publish(producer, 2)
    await producer.fetch(
        "UPDATE outbox SET type = 'core.unknown.v1' WHERE id = (SELECT min(id) FROM outbox) RETURNING id"
    )
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 1))
    (waiting,) = await producer.fetch("SELECT type, last_error FROM outbox WHERE published_at IS NULL")
    assert (waiting["type"], waiting["last_error"]) == ("core.unknown.v1", "unknown type")


async def test_the_backlog_is_measured_without_a_broker(producer: Side) -> None:
    await publish(producer, 5)
    relay = Relay(producer.runtime)
    measuring = asyncio.create_task(relay.measure())
    await eventually(lambda: _is(_waiting(relay), 5))
    assert relay.backlog[1] > 0
    measuring.cancel()


async def _waiting(relay: Relay) -> int:
    return relay.backlog[0]


async def test_only_one_relay_leads(producer: Side) -> None:
    first, second = Relay(producer.runtime), Relay(producer.runtime)
    async with running(first):
        await eventually(lambda: _is(_leading(first), True))
        async with running(second):
            await asyncio.sleep(0.3)
            assert not second.leading
            first.stop()
            await eventually(lambda: _is(_leading(second), True))


async def _leading(relay: Relay) -> bool:
    return relay.leading


async def test_bad_messages_go_to_dead_at_once(reader: Side, host: VirtualHost) -> None:
    await put(host, aio_pika.Message(b"not json", message_id="garbage", delivery_mode=2))
    good = {
        "ce-id": str(new_id()), "ce-source": "/asu/core", "ce-specversion": "1.0", "ce-subject": "x", "ce-time": "2026-09-01T00:00:00Z",
        "ce-sequence": "000001.000000000001", "ce-dataschema": "urn:x",
    }  # fmt: skip
    await put(
        host, aio_pika.Message(b"{}", headers={**good, "ce-type": "core.movement.recorded.v2"}, message_id="major")
    )
    await put(
        host,
        aio_pika.Message(
            b'{"movement_id": 1}', headers={**good, "ce-type": MovementRecorded.type}, message_id="payload"
        ),
    )
    async with running(consumer_of(reader)):
        await eventually(lambda: _is(depth(host, MOVEMENTS.dead), 3))
    letters = await DeadLetters(reader.runtime, MOVEMENTS).list()
    assert {letter.event_id: letter.reason for letter in letters} == {
        "garbage": "not a CloudEvent: CloudEventValidationError",
        "major": "unknown type",
        "payload": "payload does not fit the contract",
    }


async def test_a_message_that_cannot_be_written_again_goes_to_dead_and_blocks_nobody(
    producer: Side, reader: Side, host: VirtualHost
) -> None:
    await asyncio.to_thread(
        host.broker.publish, host.name, MOVEMENTS.name, {"message_id": "huge", "headers": {"x": 1e300}}
    )
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await publish(producer, 3)
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 3))
        await eventually(lambda: _is(depth(host, MOVEMENTS.dead), 1))
    assert await depth(host, MOVEMENTS.name) == 0


async def test_replay_ends_though_its_letters_come_back(reader: Side, host: VirtualHost) -> None:
    for number in range(3):
        await put(host, aio_pika.Message(b"not json", message_id=f"garbage-{number}", delivery_mode=2))
    letters = DeadLetters(reader.runtime, MOVEMENTS)
    async with running(consumer_of(reader)):
        await eventually(lambda: _is(depth(host, MOVEMENTS.dead), 3))
        assert await letters.replay(None, "оператор") == 3
        await eventually(lambda: _is(depth(host, MOVEMENTS.dead), 3))
    assert await letters.drop("garbage-1", "оператор")
    assert await reader.value("SELECT count(*) FROM audit WHERE action LIKE 'dead-letter.%garbage-1'") == 2


async def test_failing_message_waits_and_succeeds_without_holding_others_back(producer: Side, reader: Side) -> None:
    ids = await publish(producer, 10)
    Recorder.failures[ids[3]] = [ValueError("first"), ValueError("alone"), ValueError("again")]
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 10))
    order = [row["id"] for row in await reader.fetch("SELECT id FROM seen ORDER BY place")]
    assert order[-1] == ids[3]


async def test_message_that_always_fails_is_buried_and_can_be_replayed(
    producer: Side, reader: Side, host: VirtualHost
) -> None:
    ids = await publish(producer, 2)
    Recorder.failures[ids[0]] = [ValueError("no")] * (MAX_ATTEMPTS + 1)
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(depth(host, MOVEMENTS.dead), 1))
    letters = DeadLetters(reader.runtime, MOVEMENTS)
    assert [(letter.event_id, letter.reason) for letter in await letters.list()] == [(str(ids[0]), "ValueError")]
    assert str(ids[0]) in (await letters.read(str(ids[0]), "оператор") or "")
    assert await reader.value("SELECT account_id FROM audit") == "оператор"
    Recorder.failures.clear()
    assert await letters.replay(None, "оператор") == 1
    async with running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 2))
    assert await depth(host, MOVEMENTS.dead) == 0


async def test_database_away_counts_no_attempt(
    producer: Side, reader: Side, host: VirtualHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicekit.messaging.consumer._PAUSES", (0.001,))
    ids = await publish(producer, 3)
    Recorder.failures[ids[0]] = [ConnectionRefusedError()] * 50  # far beyond attempts and the broker's delivery limit
    async with running(Relay(producer.runtime)):
        await eventually(lambda: _is(producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"), 0))
    async with running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 3))
    assert Recorder.failures[ids[0]] == []
    assert await depth(host, MOVEMENTS.dead) == 0
    assert await depth(host, MOVEMENTS.wait) == 0


async def test_a_consumer_stops_while_the_database_is_away(
    producer: Side, reader: Side, host: VirtualHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicekit.messaging.consumer._PAUSES", (3600.0,))
    ids = await publish(producer, 3)
    Recorder.failures[ids[0]] = [ConnectionRefusedError()] * 2
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(_left(ids[0]), 1))
    await eventually(lambda: _is(depth(host, MOVEMENTS.name), 3))


async def _left(event_id: UUID) -> int:
    return len(Recorder.failures[event_id])


async def test_a_queue_made_anew_is_consumed_again(producer: Side, reader: Side, host: VirtualHost) -> None:
    consumer = consumer_of(reader)
    async with running(Relay(producer.runtime)), running(consumer):
        await publish(producer, 1)
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 1))
        await delete_queue(host, MOVEMENTS.name)
        await eventually(lambda: _is(_connected(consumer), False))
        host.broker.define(build(TOPOLOGIES, dict.fromkeys(Service, PASSWORD), host.name, wait_ms=50, delivery_limit=2))
        await publish(producer, 1)
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 2))


async def _connected(consumer: Consumer) -> bool:
    return consumer.connected


async def test_broker_connection_lost_and_found(producer: Side, reader: Side, host: VirtualHost) -> None:
    relay, consumer = Relay(producer.runtime), consumer_of(reader)
    async with running(relay), running(consumer):
        await publish(producer, 2)
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 2))
        await asyncio.to_thread(host.broker.close_connections)
        await publish(producer, 2)
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 4))


async def test_consumer_that_keeps_crashing_loses_nothing(
    producer: Side, reader: Side, host: VirtualHost, tmp_path: Path
) -> None:
    """A message that kills the process ends in ``.dead`` by the broker's delivery limit; every other one is applied."""
    ids = await publish(producer, 20)
    async with running(Relay(producer.runtime)):
        await eventually(lambda: _is(producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"), 0))
    environment = {
        **os.environ,
        "KIT_SAMPLE_POISON": str(ids[7]),
        "ASU_DATABASE_URL": reader.database.url,
        "ASU_AMQP_URL": host.url(Service.JOURNAL),
        "ASU_FIELD_KEYS": "t:" + "QUFB" * 10 + "QUE=",
        "ASU_HASH_KEY": "t:" + "QUFB" * 10 + "QUE=",
        "PYTHONPATH": str(Path(__file__).parent / "support"),
    }
    script = (
        "import asyncio\nfrom kit_sample.service import *\nfrom servicekit.messaging.consumer import Consumer\n"
        "from servicekit.settings import ServiceSettings\nruntime = CONSUMER.runtime(ServiceSettings(), 'worker')\n"
        "asyncio.run(Consumer(runtime, MOVEMENTS, CONSUMER.handlers['movements']).run())\n"
    )
    codes = []
    for _ in range(4):
        process = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", script], env=environment, timeout=60, check=False, capture_output=True
        ) if await depth(host, MOVEMENTS.dead) == 0 else None  # fmt: skip
        codes.append(process.returncode if process else None)
        if process is None:
            break
        assert process.returncode == 9, process.stderr.decode()[-2000:]
        await asyncio.sleep(0.3)
    assert await depth(host, MOVEMENTS.dead) == 1
    async with running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 19))
    letters = await DeadLetters(reader.runtime, MOVEMENTS).list()
    assert [letter.event_id for letter in letters] == [str(ids[7])]
    assert letters[0].reason == "delivery limit reached"


async def test_republish_reaches_one_reader_under_the_original_ids(producer: Side, reader: Side) -> None:
    known = [new_id() for _ in range(3)]

    async def source(_session: Any) -> AsyncIterator[list[Aggregate]]:
        yield [Aggregate(movement(event_id), producer.runtime.clock.now()) for event_id in known]

    async with producer.runtime.uow() as uow:
        uow.publish(movement(known[0]))
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 1))
        sent = await republish(producer.runtime, {MovementRecorded: source}, MOVEMENTS.name)
        assert sent == 3
        await eventually(lambda: _is(reader.value("SELECT count(*) FROM seen"), 3))
    assert {row["id"] for row in await reader.fetch("SELECT event_id AS id FROM inbox")} == set(known)


async def test_republish_passes_over_what_the_queue_does_not_read(
    producer: Side, reader: Side, host: VirtualHost
) -> None:
    async def movements(_session: Any) -> AsyncIterator[list[Aggregate]]:
        yield [Aggregate(movement(), producer.runtime.clock.now())]

    async def guardianships(_session: Any) -> AsyncIterator[list[Aggregate]]:
        event = GuardianshipChanged(
            guardianship_id=new_id(),
            guardian_id=new_id(),
            student_id=new_id(),
            may_see=True,
            valid_from=date(2026, 9, 1),
        )
        yield [Aggregate(event, producer.runtime.clock.now(), 1)]

    sources: dict[type[Event], Republish] = {GuardianshipChanged: guardianships, MovementRecorded: movements}
    assert await republish(producer.runtime, sources, MOVEMENTS.name) == 1
    assert await depth(host, MOVEMENTS.name) == 1


async def test_after_a_restore_states_are_newer_than_any_before(producer: Side) -> None:
    assert await raise_epoch(producer.database.owner_url) == 2
    await publish(producer, 1)
    assert await producer.value("SELECT epoch FROM outbox") == 2


async def test_a_service_can_neither_bind_nor_write_beyond_its_own(host: VirtualHost) -> None:
    connection = await aio_pika.connect(host.url(Service.JOURNAL))
    async with connection:
        channel = await connection.channel()
        queue = await channel.get_queue(MOVEMENTS.name)
        with pytest.raises(aio_pika.exceptions.ChannelClosed, match="ACCESS_REFUSED"):
            await queue.bind("core.private", "core.student.profiled.v1")
        channel = await connection.channel()
        core = await channel.get_exchange("core", ensure=False)
        with pytest.raises(aio_pika.exceptions.ChannelClosed, match="ACCESS_REFUSED"):
            await core.publish(aio_pika.Message(b"{}"), "core.movement.recorded.v1")


async def test_state_event_needs_a_version_and_a_fact_has_none(producer: Side) -> None:
    async with producer.runtime.uow() as uow:
        with pytest.raises(ValueError, match="takes a version"):
            uow.publish(movement(), version=2)


async def test_outbox_row_is_part_of_the_transaction(producer: Side) -> None:
    async def failing() -> None:
        async with producer.runtime.uow() as uow:
            uow.publish(movement())
            raise ValueError("rolled back")

    with pytest.raises(ValueError, match="rolled back"):
        await failing()
    assert await producer.value("SELECT count(*) FROM outbox") == 0
