"""The consumer and its failure path over a real broker and real databases."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import aio_pika
import pytest
from kit_sample.pair import TOPOLOGIES, Side, consumer_of, delete_queue, depth, is_, publish, put, running
from kit_sample.service import MOVEMENTS, Recorder

from asu_contracts.core import MovementRecorded
from asu_contracts.envelope import Envelope
from asu_contracts.exchanges import Service
from servicekit.ids import new_id
from servicekit.messaging.binding import envelope_of
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.deadletters import DeadLetters
from servicekit.messaging.definitions import build
from servicekit.messaging.relay import Relay
from servicekit.messaging.topology import MAX_ATTEMPTS
from servicekit.testing.servers import PASSWORD, VirtualHost
from servicekit.testing.worker import eventually


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
        await eventually(lambda: is_(depth(host, MOVEMENTS.dead), 3))
    letters = await DeadLetters(reader.runtime, MOVEMENTS).list()
    assert {letter.event_id: letter.reason for letter in letters} == {
        "garbage": "not a CloudEvent: no ce-specversion",
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
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 3))
        await eventually(lambda: is_(depth(host, MOVEMENTS.dead), 1))
    assert await depth(host, MOVEMENTS.name) == 0


@pytest.mark.parametrize("times", [1, 100])
async def test_a_message_whose_reading_fails_unforeseen_comes_again_and_at_last_goes_to_dead(
    producer: Side, reader: Side, host: VirtualHost, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    ids = await publish(producer, 5)
    failures = [MemoryError()] * times

    def read(headers: Mapping[str, Any]) -> Envelope:
        if headers["ce-id"] == str(ids[2]) and failures:
            raise failures.pop()
        return envelope_of(headers)

    monkeypatch.setattr("servicekit.messaging.consumer._PAUSES", (0.001,))
    monkeypatch.setattr("servicekit.messaging.consumer.envelope_of", read)
    lost = times > 1
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 5 - lost))
        await eventually(lambda: is_(depth(host, MOVEMENTS.dead), int(lost)))
    assert await depth(host, MOVEMENTS.name) == 0


async def test_replay_ends_though_its_letters_come_back(reader: Side, host: VirtualHost) -> None:
    for number in range(3):
        await put(host, aio_pika.Message(b"not json", message_id=f"garbage-{number}", delivery_mode=2))
    letters = DeadLetters(reader.runtime, MOVEMENTS)
    async with running(consumer_of(reader)):
        await eventually(lambda: is_(depth(host, MOVEMENTS.dead), 3))
        assert await letters.replay(None, "оператор") == 3
        await eventually(lambda: is_(depth(host, MOVEMENTS.dead), 3))
    assert await letters.drop("garbage-1", "оператор")
    assert await reader.value("SELECT count(*) FROM audit WHERE action LIKE 'dead-letter.%garbage-1'") == 2


async def test_failing_message_waits_and_succeeds_without_holding_others_back(producer: Side, reader: Side) -> None:
    ids = await publish(producer, 10)
    Recorder.failures[ids[3]] = [ValueError("first"), ValueError("alone"), ValueError("again")]
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 10))
    order = [row["id"] for row in await reader.fetch("SELECT id FROM seen ORDER BY place")]
    assert order[-1] == ids[3]


async def test_message_that_always_fails_is_buried_and_can_be_replayed(
    producer: Side, reader: Side, host: VirtualHost
) -> None:
    ids = await publish(producer, 2)
    Recorder.failures[ids[0]] = [ValueError("no")] * (MAX_ATTEMPTS + 1)
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: is_(depth(host, MOVEMENTS.dead), 1))
    letters = DeadLetters(reader.runtime, MOVEMENTS)
    assert [(letter.event_id, letter.reason) for letter in await letters.list()] == [(str(ids[0]), "ValueError")]
    assert str(ids[0]) in (await letters.read(str(ids[0]), "оператор") or "")
    assert await reader.value("SELECT account_id FROM audit") == "оператор"
    Recorder.failures.clear()
    assert await letters.replay(None, "оператор") == 1
    async with running(consumer_of(reader)):
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 2))
    assert await depth(host, MOVEMENTS.dead) == 0


async def test_database_away_counts_no_attempt(
    producer: Side, reader: Side, host: VirtualHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicekit.messaging.consumer._PAUSES", (0.001,))
    ids = await publish(producer, 3)
    Recorder.failures[ids[0]] = [ConnectionRefusedError()] * 50  # far beyond attempts and the broker's delivery limit
    async with running(Relay(producer.runtime)):
        await eventually(lambda: is_(producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"), 0))
    async with running(consumer_of(reader)):
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 3))
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
        await eventually(lambda: is_(_left(ids[0]), 1))
    await eventually(lambda: is_(depth(host, MOVEMENTS.name), 3))


async def _left(event_id: UUID) -> int:
    return len(Recorder.failures[event_id])


async def test_a_queue_made_anew_is_consumed_again(producer: Side, reader: Side, host: VirtualHost) -> None:
    consumer = consumer_of(reader)
    async with running(Relay(producer.runtime)), running(consumer):
        await publish(producer, 1)
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 1))
        await delete_queue(host, MOVEMENTS.name)
        await eventually(lambda: is_(_connected(consumer), False))
        host.broker.define(build(TOPOLOGIES, dict.fromkeys(Service, PASSWORD), host.name, wait_ms=50, delivery_limit=2))
        await publish(producer, 1)
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 2))


async def _connected(consumer: Consumer) -> bool:
    return consumer.connected


async def test_broker_connection_lost_and_found(producer: Side, reader: Side, host: VirtualHost) -> None:
    relay, consumer = Relay(producer.runtime), consumer_of(reader)
    async with running(relay), running(consumer):
        await publish(producer, 2)
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 2))
        await asyncio.to_thread(host.broker.close_connections)
        await publish(producer, 2)
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 4))


async def test_consumer_that_keeps_crashing_loses_nothing(
    producer: Side, reader: Side, host: VirtualHost, tmp_path: Path
) -> None:
    """A message that kills the process ends in ``.dead`` by the broker's delivery limit; every other one is applied."""
    ids = await publish(producer, 20)
    async with running(Relay(producer.runtime)):
        await eventually(lambda: is_(producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"), 0))
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
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 19))
    letters = await DeadLetters(reader.runtime, MOVEMENTS).list()
    assert [letter.event_id for letter in letters] == [str(ids[7])]
    assert letters[0].reason == "delivery limit reached"
