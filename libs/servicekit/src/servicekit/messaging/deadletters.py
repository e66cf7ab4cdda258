"""Dead letters for an operator: list; read, replay and drop, each audited."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from sqlalchemy import insert

from servicekit.ids import new_id
from servicekit.messaging.consumer import REASON_HEADER
from servicekit.messaging.topology import Queue
from servicekit.runtime import Runtime
from servicekit.tables import audit


@dataclass(frozen=True)
class DeadLetter:
    """What the list shows: no payload."""

    event_id: str
    type: str
    subject: str
    reason: str


def _letter(message: AbstractIncomingMessage) -> DeadLetter:
    headers = message.headers
    return DeadLetter(
        event_id=message.message_id or "",
        type=str(headers.get("ce-type", "")),
        subject=str(headers.get("ce-subject", "")),
        reason=str(headers.get(REASON_HEADER, "delivery limit reached")),
    )


class DeadLetters:
    """The ``.dead`` queue of one work queue. Messages not acted on go back when the channel closes."""

    def __init__(self, runtime: Runtime, queue: Queue) -> None:
        self._runtime = runtime
        self._queue = queue

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[tuple[AbstractQueue, aio_pika.abc.AbstractExchange]]:
        connection = await aio_pika.connect(self._runtime.settings.amqp_url.get_secret_value(), timeout=5)
        async with connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            yield (
                await channel.get_queue(self._queue.dead),
                await channel.get_exchange(self._queue.service.retry_exchange),
            )

    @staticmethod
    async def _all(queue: AbstractQueue) -> AsyncIterator[AbstractIncomingMessage]:
        """Those that stood there at first: a letter replayed may come back at once."""
        for _ in range(queue.declaration_result.message_count or 0):
            message = await queue.get(no_ack=False, fail=False)
            if message is None:
                return
            yield message

    async def _audit(self, act: str, message: AbstractIncomingMessage, operator: str) -> None:
        """Committed before the act; the subject is a person's or another aggregate's id."""
        letter = _letter(message)
        try:
            subjects = [UUID(letter.subject)]
        except ValueError:
            subjects = []
        async with self._runtime.uow() as uow:
            await uow.session.execute(
                insert(audit).values(
                    id=new_id(),
                    at=uow.now,
                    account_id=operator,
                    role="operator",
                    action=f"dead-letter.{act}:{self._queue.name}:{letter.event_id}",
                    subjects=subjects,
                )
            )

    async def list(self) -> list[DeadLetter]:
        """Every dead letter, oldest first."""
        async with self._open() as (queue, _):
            return [_letter(message) async for message in self._all(queue)]

    async def read(self, event_id: str, operator: str) -> str | None:
        """Body of one letter; None if it is not there."""
        async with self._open() as (queue, _):
            async for message in self._all(queue):
                if message.message_id == event_id:
                    await self._audit("read", message, operator)
                    return message.body.decode(errors="replace")
        return None

    async def replay(self, event_id: str | None, operator: str) -> int:
        """Send one letter (or all) to the work queue again; returns how many."""
        replayed = 0
        async with self._open() as (queue, retry):
            async for message in self._all(queue):
                if event_id in {None, message.message_id}:
                    copy = aio_pika.Message(
                        message.body,
                        headers={k: v for k, v in message.headers.items() if k.startswith("ce-") or k == "traceparent"},
                        content_type=message.content_type,
                        message_id=message.message_id,
                        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                    )
                    await self._audit("replay", message, operator)
                    await retry.publish(copy, self._queue.name, mandatory=True)
                    await message.ack()
                    replayed += 1
        return replayed

    async def drop(self, event_id: str, operator: str) -> bool:
        """Remove one letter for good."""
        async with self._open() as (queue, _):
            async for message in self._all(queue):
                if message.message_id == event_id:
                    await self._audit("drop", message, operator)
                    await message.ack()
                    return True
        return False
