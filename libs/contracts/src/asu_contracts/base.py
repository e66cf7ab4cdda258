"""How an event type is declared.

An event type is a frozen pydantic class with its contract given as class keywords. A *state* event carries the whole
current state of its subject and is applied only when its sequence is newer; a *fact* happened once, is stored by its id
and may arrive in any order. The subject of a fact is the fact's own UUID, which is also its event id: sent again years later,
it is still the same event.
"""

from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from asu_contracts.exchanges import Service


class PII:
    """Marks a field as personal data: ``Annotated[str, PII]``. Refused in public events, masked in logs."""


class Encrypted:
    """Marks a field that travels as ciphertext to its one reader: ``Annotated[str, PII, Encrypted]``."""


class Semantics(StrEnum):
    """How a consumer applies an event."""

    STATE = "state"
    FACT = "fact"


class OpenEnum(StrEnum):
    """An enumeration that may grow: a value from a newer producer reads as ``unknown`` instead of failing."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get("UNKNOWN")


class Payload(BaseModel):
    """A part of an event: frozen, and tolerant of fields a newer producer adds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Payload):
    """Base of every event type.

    Class keywords: ``type`` (``<service>.<subject>.<past-tense>.v<major>``), ``semantics``, ``subject`` (the field that
    names the aggregate), ``readers`` (services that consume it) and ``private`` (travels on the private exchange).
    """

    type: ClassVar[str]
    semantics: ClassVar[Semantics]
    subject_field: ClassVar[str]
    readers: ClassVar[frozenset[Service]]
    private: ClassVar[bool]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        cls.type = kwargs["type"]
        cls.semantics = kwargs["semantics"]
        cls.subject_field = kwargs["subject"]
        cls.readers = frozenset(kwargs["readers"])
        cls.private = kwargs.get("private", False)

    @property
    def subject(self) -> str:
        """Id of the aggregate the event is about."""
        return str(getattr(self, self.subject_field))

    @classmethod
    def producer(cls) -> Service:
        """The service that may publish this type."""
        return Service(cls.type.split(".", 1)[0])

    @classmethod
    def exchange(cls) -> str:
        """The exchange this type is published to; the routing key is the type itself."""
        producer = cls.producer()
        return producer.private_exchange if cls.private else producer.exchange
