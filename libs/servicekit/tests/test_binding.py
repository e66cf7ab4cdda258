"""What leaves as a CloudEvent is read again, as the CloudEvents SDK reads it; what is none is named and nothing of it told."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary_event
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.core import MovementRecorded
from asu_contracts.envelope import Sequence
from servicekit.ids import new_id
from servicekit.messaging.binding import BadMessageError, envelope_of, to_message

_TRACE = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def _headers(**changed: Any) -> dict[str, Any]:
    message = to_message(
        MovementRecorded, event_id=new_id(), subject="x", sequence=Sequence(1, 1), occurred_at=datetime(2026, 9, 1, tzinfo=UTC),
        payload=b"{}", traceparent=_TRACE,
    )  # fmt: skip
    return {**message.headers, **{f"ce-{name}": value for name, value in changed.items()}}


@given(
    st.uuids(),
    st.text(min_size=1),
    st.datetimes(timezones=st.one_of(st.just(UTC), _OFFSETS)),
    st.integers(0, 999_999),
    st.integers(0, 10**12 - 1),
    st.sampled_from([None, _TRACE]),
)
def test_the_sdk_and_we_read_the_same(
    event_id: UUID, subject: str, at: datetime, epoch: int, version: int, trace: str | None
) -> None:
    message = to_message(
        MovementRecorded, event_id=event_id, subject=subject, sequence=Sequence(epoch, version), occurred_at=at, payload=b"{}",
        traceparent=trace,
    )  # fmt: skip
    ours = envelope_of(message.headers)
    sdk = from_binary_event(
        RabbitMQMessage({key: str(value) for key, value in message.headers.items()}, "application/json", b"{}")
    )
    assert (str(ours.id), ours.source, ours.type, ours.subject) == (
        sdk.get_id(), sdk.get_source(), sdk.get_type(), sdk.get_subject(),
    )  # fmt: skip
    assert (ours.time, ours.dataschema) == (sdk.get_time(), sdk.get_dataschema()) == (at, sdk.get_dataschema())
    assert (str(ours.sequence), ours.traceparent) == (sdk.get_extension("sequence"), trace)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "not a CloudEvent: no ce-specversion"),
        ({"ce-specversion": "1.0", "ce-id": 5}, "not a CloudEvent: no ce-id"),
        (_headers(specversion="0.3"), "not CloudEvents 1.0"),
        (_headers(id="Иванов"), "not a CloudEvent: an attribute cannot be read"),
        (_headers(time="2026-09-01T00:00:00"), "not a CloudEvent: an attribute cannot be read"),
        (_headers(time="вчера"), "not a CloudEvent: an attribute cannot be read"),
        (_headers(sequence="1.1"), "not a CloudEvent: an attribute cannot be read"),
    ],
)
def test_what_is_no_event_is_named_without_its_data(headers: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadMessageError) as refused:
        envelope_of(headers)
    assert str(refused.value) == reason
