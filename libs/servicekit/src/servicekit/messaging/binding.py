"""CloudEvents 1.0 over AMQP 0-9-1, binary mode, by the CloudEvents SDK's RabbitMQ binding."""

from datetime import datetime
from typing import Any
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from cloudevents.core.base import BaseCloudEvent, EventFactory
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary, to_binary
from cloudevents.core.formats.base import Format
from cloudevents.core.v1.event import CloudEvent

from asu_contracts.base import Event
from asu_contracts.envelope import Envelope, Sequence, schema_of, source_of

JSON = "application/json"
TRACEPARENT = "traceparent"


class BadMessageError(Exception):
    """The message is not an event we can read; no retry will change that. The text names the reason, never the data."""


class _RawFormat(Format):
    """Leaves the body as bytes: it was serialized once when the event was stored, and pydantic reads it directly."""

    def read(self, event_factory: EventFactory | None, data: str | bytes) -> BaseCloudEvent:  # noqa: ARG002
        raise BadMessageError("structured mode is not used")

    def write(self, event: BaseCloudEvent) -> bytes:  # noqa: ARG002
        raise BadMessageError("structured mode is not used")

    def write_data(self, data: Any, datacontenttype: str | None) -> bytes:  # noqa: ARG002 - the format's interface
        return data if isinstance(data, bytes) else str(data).encode()

    def read_data(self, body: bytes, datacontenttype: str | None) -> bytes:  # noqa: ARG002 - the format's interface
        return body

    def get_content_type(self) -> str:
        return JSON


_FORMAT = _RawFormat()


def to_message(
    event: type[Event],
    *,
    event_id: UUID,
    subject: str,
    sequence: Sequence,
    occurred_at: datetime,
    payload: bytes,
    traceparent: str | None,
) -> aio_pika.Message:
    """A persistent message of a stored event."""
    attributes: dict[str, Any] = {
        "id": str(event_id),
        "source": source_of(event),
        "type": event.type,
        "specversion": "1.0",
        "subject": subject,
        "time": occurred_at,
        "datacontenttype": JSON,
        "dataschema": schema_of(event),
        "sequence": str(sequence),
    }
    bound = to_binary(CloudEvent(attributes, payload), _FORMAT)
    headers: dict[str, Any] = dict(bound.headers)
    if traceparent:
        headers[TRACEPARENT] = traceparent
    return aio_pika.Message(
        bound.body,
        headers=headers,
        content_type=bound.content_type,
        message_id=str(event_id),
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


def envelope_of(message: AbstractIncomingMessage) -> Envelope:
    """Attributes of a received message; raises ``BadMessageError`` if it is no CloudEvent of ours."""
    headers = {key: value for key, value in message.headers.items() if isinstance(value, str)}
    try:
        event = from_binary(RabbitMQMessage(headers, message.content_type, message.body), _FORMAT, CloudEvent)
        time = event.get_time()
        if time is None:
            raise BadMessageError("no ce-time")
        return Envelope(
            id=UUID(event.get_id()),
            source=event.get_source(),
            type=event.get_type(),
            subject=event.get_subject() or "",
            time=time,
            sequence=Sequence.parse(event.get_extension("sequence")),
            dataschema=event.get_dataschema() or "",
            traceparent=headers.get(TRACEPARENT),
        )
    except BadMessageError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the SDK or a header objects to, the message is unreadable
        raise BadMessageError(f"not a CloudEvent: {type(error).__name__}") from None
