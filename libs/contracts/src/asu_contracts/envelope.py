"""The envelope: CloudEvents 1.0 attributes of every message.

Binary mode over AMQP 0-9-1: attributes travel as ``ce-`` headers, the body is the JSON of the event. The binding itself
lives in servicekit; here are the names and their meaning.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asu_contracts.base import Event

_SEQUENCE = re.compile(r"([0-9]{6})\.([0-9]{12})")


@dataclass(frozen=True, slots=True)
class Sequence:
    """Order of a subject's states: epoch of the producer's database, then version of the aggregate.

    The epoch is raised by every restore from backup, so that consumers do not ignore what comes after it.
    """

    epoch: int
    version: int

    def __str__(self) -> str:
        return f"{self.epoch:06d}.{self.version:012d}"

    @classmethod
    def parse(cls, text: str) -> "Sequence":
        """Read the wire form; raises ``ValueError`` on anything else."""
        match = _SEQUENCE.fullmatch(text)
        if match is None:
            raise ValueError("a sequence is <epoch>.<version>, zero-padded to 6 and 12 digits")
        return cls(epoch=int(match[1]), version=int(match[2]))


@dataclass(frozen=True, slots=True)
class Envelope:
    """Attributes of one message (CloudEvents 1.0, with the ``sequence`` and ``traceparent`` extensions).

    Raises ``ValueError`` for a time without an offset.
    """

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    sequence: Sequence
    dataschema: str
    traceparent: str | None = None

    def __post_init__(self) -> None:
        if self.time.tzinfo is None:
            raise ValueError("an instant has an offset")


def source_of(event: type[Event]) -> str:
    """``ce-source`` of an event type."""
    return f"/asu/{event.producer().value}"


def schema_of(event: type[Event]) -> str:
    """``ce-dataschema``: the committed JSON Schema of the type."""
    return f"urn:asu:schema:{event.type}"
