"""Outbox, relay and republish over a real broker and real databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import aio_pika
import pytest
from kit_sample.pair import Side, consumer_of, depth, is_, publish, running
from kit_sample.service import MOVEMENTS, Recorder, movement

from asu_contracts.base import Event
from asu_contracts.core import AdmissionRejected, GuardianshipChanged, MovementRecorded, RejectionReason
from asu_contracts.exchanges import Service
from servicekit.ids import new_id
from servicekit.messaging.relay import Relay
from servicekit.messaging.republish import Aggregate, Republish, raise_epoch, republish
from servicekit.testing.servers import VirtualHost
from servicekit.testing.worker import eventually


async def test_events_travel_once_and_in_batches(producer: Side, reader: Side) -> None:
    ids = await publish(producer, 300)
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 300))
    assert {row["id"] for row in await reader.fetch("SELECT id FROM seen")} == set(ids)
    assert await producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 0
    assert max(Recorder.batches) > 1
    assert await reader.value("SELECT count(*) FROM inbox") == 300


async def test_relay_that_died_after_the_broker_confirmed_repeats_and_the_inbox_absorbs(
    producer: Side, reader: Side
) -> None:
    await publish(producer, 5)
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 5))
        await producer.fetch("UPDATE outbox SET published_at = NULL RETURNING id")  # as if it had not been marked
        await eventually(lambda: is_(producer.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"), 0))
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
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 1))
        await eventually(
            lambda: is_(producer.value(f"SELECT attempts > 0 FROM outbox WHERE event_id = '{stuck}'"), True)
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
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 1))
    (waiting,) = await producer.fetch("SELECT type, last_error FROM outbox WHERE published_at IS NULL")
    assert (waiting["type"], waiting["last_error"]) == ("core.unknown.v1", "unknown type")


async def test_the_backlog_is_measured_without_a_broker(producer: Side) -> None:
    await publish(producer, 5)
    relay = Relay(producer.runtime)
    measuring = asyncio.create_task(relay.measure())
    await eventually(lambda: is_(_waiting(relay), 5))
    assert relay.backlog[1] > 0
    measuring.cancel()


async def _waiting(relay: Relay) -> int:
    return relay.backlog[0]


async def test_only_one_relay_leads(producer: Side) -> None:
    first, second = Relay(producer.runtime), Relay(producer.runtime)
    async with running(first):
        await eventually(lambda: is_(_leading(first), True))
        async with running(second):
            await asyncio.sleep(0.3)
            assert not second.leading
            first.stop()
            await eventually(lambda: is_(_leading(second), True))


async def _leading(relay: Relay) -> bool:
    return relay.leading


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


async def test_republish_reaches_one_reader_under_the_original_ids(producer: Side, reader: Side) -> None:
    known = [new_id() for _ in range(3)]

    async def source(_session: Any) -> AsyncIterator[list[Aggregate]]:
        yield [Aggregate(movement(event_id), producer.runtime.clock.now()) for event_id in known]

    async with producer.runtime.uow() as uow:
        uow.publish(movement(known[0]))
    async with running(Relay(producer.runtime)), running(consumer_of(reader)):
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 1))
        sent = await republish(producer.runtime, {MovementRecorded: source}, MOVEMENTS.name)
        assert sent == 3
        await eventually(lambda: is_(reader.value("SELECT count(*) FROM seen"), 3))
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
