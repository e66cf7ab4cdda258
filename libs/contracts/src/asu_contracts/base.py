"""How an event type is declared.

An event type is a frozen pydantic class with its contract given as class keywords. A *state* event carries the whole
current state of its subject and is applied only when its sequence is newer; a *fact* happened once, is stored by its id
and may arrive in any order. The subject of a fact is the fact's own UUID, which is also its event id: sent again years
later, it is still the same event.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from asu_contracts.exchanges import Service

_TYPE = re.compile(rf"({'|'.join(Service)})\.[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*")


class _Mark:
    """A mark that the JSON Schema of its field shows as ``<keyword>: true``."""

    keyword: ClassVar[str]

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), cls.keyword: True}


class PII(_Mark):
    """Marks a field as personal data: ``Annotated[str, PII]``. Refused in public events, masked in logs."""

    keyword = "x-personal-data"


class Encrypted(_Mark):
    """Marks a field that travels as ciphertext to its one reader: ``Annotated[str, PII, Encrypted]``."""

    keyword = "x-encrypted"


class Semantics(StrEnum):
    """How a consumer applies an event."""

    STATE = "state"
    FACT = "fact"


class OpenEnum(StrEnum):
    """An enumeration that may grow: a value from a newer producer reads as ``unknown`` instead of failing.

    Each has a member ``UNKNOWN``, which no producer sends. The JSON Schema is an open string that lists known values.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get("UNKNOWN") if isinstance(value, str) else None

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        known = [member.value for name, member in cls.__members__.items() if name != "UNKNOWN"]
        shown = handler.resolve_ref_schema(handler(schema))
        shown.pop("enum", None)
        shown["x-known-values"] = known
        return shown


class Payload(BaseModel):
    """A part of an event: frozen, and tolerant of fields a newer producer adds."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Event(Payload):
    """Base of every event type.

    Class keywords: ``type`` (``<service>.<subject>.<past-tense>.v<major>``), ``semantics``, ``subject`` (the field that
    names the aggregate), ``readers`` (services that consume it) and ``private`` (travels on the private exchange).
    A declaration that breaks the rules raises ``TypeError``: a malformed type, a subject that is no field, a producer
    that reads its own event, personal data in a public event.
    """

    type: ClassVar[str]
    semantics: ClassVar[Semantics]
    subject_field: ClassVar[str]
    readers: ClassVar[frozenset[Service]]
    private: ClassVar[bool]

    def __init_subclass__(
        cls,
        *,
        type: str,  # noqa: A002 - the keyword of the declaration
        semantics: Semantics,
        subject: str,
        readers: AbstractSet[Service],
        private: bool = False,
    ) -> None:
        cls.type = type
        cls.semantics = semantics
        cls.subject_field = subject
        cls.readers = frozenset(readers)
        cls.private = private

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        if _TYPE.fullmatch(cls.type) is None:
            raise TypeError(f"{cls.__name__}: {cls.type!r} is not <service>.<subject>.<past-tense>.v<major>")
        if cls.subject_field not in cls.model_fields:
            raise TypeError(f"{cls.__name__}: the subject {cls.subject_field!r} is not a field")
        if cls.producer() in cls.readers:
            raise TypeError(f"{cls.__name__}: {cls.producer().value} would read its own event")
        if not cls.private and (personal := pii_fields(cls)):
            raise TypeError(f"{cls.__name__}: personal data in a public event: {', '.join(personal)}")

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


def pii_fields(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Dotted names of the fields annotated as personal data, nested ones included."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        parts = list(_parts(field.annotation))
        if any(_is_pii(mark) for mark in [*field.metadata, *parts]):
            found.append(path)
        for part in parts:
            if isinstance(part, type) and issubclass(part, BaseModel):
                found.extend(pii_fields(part, f"{path}."))
    return found


def _is_pii(mark: Any) -> bool:
    return isinstance(mark, PII) or (isinstance(mark, type) and issubclass(mark, PII))


def _parts(annotation: Any) -> Iterator[Any]:
    """Every type an annotation is made of, and every mark on it: ``tuple[Annotated[str, PII], ...]`` hides one."""
    yield annotation
    if get_origin(annotation) is Annotated:
        yield from annotation.__metadata__
    for argument in get_args(annotation):
        yield from _parts(argument)
