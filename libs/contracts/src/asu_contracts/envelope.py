"""The envelope: CloudEvents 1.0 attributes of every message.

Binary mode over AMQP 0-9-1: attributes travel as ``ce-`` headers, the body is the JSON of the event. The binding itself
lives in servicekit; here are the names and their meaning.
"""

import re
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from asu_contracts.base import Event

_SEQUENCE = re.compile(r"([0-9]{6})\.([0-9]{12})")


class Sequence(BaseModel):
    """Order of a subject's states: epoch of the producer's database, then version of the aggregate.

    The epoch is raised by every restore from backup, so that consumers do not ignore what comes after it.
    """

    model_config = ConfigDict(frozen=True)

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


class Envelope(BaseModel):
    """Attributes of one message (CloudEvents 1.0, with the ``sequence`` and ``traceparent`` extensions)."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    source: str
    type: str
    subject: str
    time: AwareDatetime
    sequence: Sequence
    dataschema: str
    traceparent: str | None = None


def source_of(event: type[Event]) -> str:
    """``ce-source`` of an event type."""
    return f"/asu/{event.producer().value}"


def schema_of(event: type[Event]) -> str:
    """``ce-dataschema``: the committed JSON Schema of the type."""
    return f"urn:asu:schema:{event.type}"
