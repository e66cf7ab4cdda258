"""Envelope: sequence and names."""

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.core import MovementRecorded
from asu_contracts.envelope import Envelope, Sequence, schema_of, source_of

SEQUENCES = st.builds(Sequence, epoch=st.integers(0, 999_999), version=st.integers(0, 10**12 - 1))


@given(SEQUENCES, SEQUENCES)
def test_wire_form_keeps_value_and_order(one: Sequence, other: Sequence) -> None:
    assert Sequence.parse(str(one)) == one
    assert (str(one) < str(other)) == ((one.epoch, one.version) < (other.epoch, other.version))


@pytest.mark.parametrize(
    "text", ["", "1.2", "000001", "000001.-00000000001", "000001.00000000000x", "000001.000000000001 "]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="zero-padded"):
        Sequence.parse(text)


def test_names_of_a_type() -> None:
    assert source_of(MovementRecorded) == "/asu/core"
    assert schema_of(MovementRecorded) == "urn:asu:schema:core.movement.recorded.v1"


def test_an_instant_has_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        Envelope(
            id=UUID(int=1), source="/asu/core", type="t", subject="s", time=datetime(2026, 9, 1),  # noqa: DTZ001 - what is refused
            sequence=Sequence(1, 1), dataschema="",
        )  # fmt: skip
