"""The data catalogue: every field of the cards with what is decided by it (``catalogue.yaml``)."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from servicekit.packaged import read_yaml
from sgo_core.catalogue.types import TYPES, FieldType


class CardKind(StrEnum):
    """Whose card."""

    ORGANIZATION = "organization"
    WORKER = "worker"
    STUDENT = "student"
    GUARDIAN = "guardian"


class Level(StrEnum):
    """How much of a field a reader sees."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


class Audience(StrEnum):
    """Who reads a card, in relation to whose card it is."""

    OFFICE = "office"
    CLASS_TEACHER = "class_teacher"
    TEACHER = "teacher"
    BODY = "body"
    SUBJECT = "subject"


class Stored(StrEnum):
    """Where a field's value is: a column, a column of ciphertext, other records."""

    COLUMN = "column"
    SEALED = "sealed"
    DERIVED = "derived"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kept(_Strict):
    """Why something is kept, on what ground and how long."""

    category: str
    purpose: str
    ground: str
    retention: str


class FieldDef(Kept):
    """A field as the file describes it; ``mandatory`` names a condition, ``annex`` its places in Appendix 1, 1.1."""

    title: str
    type: str
    access: str
    annex: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    options: Mapping[str, str] | None = None
    unit: str | None = None
    mandatory: str | None = None
    stored: Stored = Stored.COLUMN

    @property
    def kind(self) -> FieldType:
        """The field's type."""
        return TYPES[self.type]

    @property
    def needs_consent(self) -> bool:
        """Whether nothing but the subject's consent allows the value to be kept."""
        return self.ground == "consent"

    @cached_property
    def annotation(self) -> Any:
        """What a value may be, for pydantic."""
        if self.options is None:
            return self.kind.annotation
        codes = Literal[tuple(self.options)]  # type: ignore[valid-type]  # the options are data
        return codes if self.type == "choice" else list[codes]  # type: ignore[valid-type]

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Checks a value, and turns it to JSON and back."""
        return TypeAdapter(self.annotation)


class CardDef(_Strict):
    """A card: its fields in the order a form shows them."""

    title: str
    fields: Mapping[str, FieldDef]

    @cached_property
    def on_consent(self) -> frozenset[str]:
        """Fields that need the subject's consent."""
        return frozenset(name for name, one in self.fields.items() if one.needs_consent)

    def stored(self) -> Mapping[str, FieldDef]:
        """Fields with a column of the card's own table."""
        return {name: one for name, one in self.fields.items() if one.stored is not Stored.DERIVED}


class ColumnDef(_Strict):
    """A column of a record, as an extract prints it."""

    title: str
    options: Mapping[str, str] | None = None


class RecordDef(_Strict):
    """Rows of a table that belong to a person beside the card, of each kind of card they are kept of.

    ``joined`` is a table whose row the record refers to; where the column ``opened_by`` is false, the content is the person's alone.
    """

    title: str
    of: Mapping[CardKind, Kept]
    columns: Mapping[str, ColumnDef]
    joined: str | None = Field(None, alias="with")
    opened_by: str | None = None

    def titles(self, column: str) -> Any:
        """Names of the values of a column, as JSON Schema carries them to a client."""
        return {"titles": dict(self.columns[column].options or {})}


class Retention(_Strict):
    """How long a value is kept after the person has left; ``years`` None: for ever."""

    title: str
    basis: str
    years: int | None


class Transfer(_Strict):
    """What is given to outer information systems, and by what act."""

    title: str
    basis: str
    fields: Mapping[CardKind, tuple[str, ...]]


class SettingDef(_Strict):
    """A setting of the educational process: which service keeps it and where it is read.

    ``kept_in`` names this service's tables of it, which have a history or are never altered; ``history`` is where another
    service shows what was changed.
    """

    title: str
    annex: tuple[str, ...]
    service: Literal["core", "journal"]
    read: str
    kept_in: tuple[str, ...] = ()
    history: str | None = None


class Catalogue(_Strict):
    """The whole file, checked: a field that names an unknown type, rule or condition does not load."""

    categories: Mapping[str, str]
    purposes: Mapping[str, str]
    grounds: Mapping[str, str]
    other_grounds: Mapping[str, str]
    access: Mapping[str, Mapping[Audience, Level]]
    retention: Mapping[str, Retention]
    transfers: Mapping[str, Transfer]
    mandatory: Mapping[str, str]
    settings: Mapping[str, SettingDef]
    records: Mapping[str, RecordDef]
    texts: Mapping[str, tuple[str, ...]]
    cards: Mapping[CardKind, CardDef] = Field(min_length=len(CardKind))

    @property
    def _rules(self) -> Mapping[str, Mapping[str, Any]]:
        """What the attributes of whatever is kept must be among."""
        return {
            "category": self.categories,
            "purpose": self.purposes,
            "ground": self.grounds,
            "retention": self.retention,
        }

    @model_validator(mode="after")
    def _known_records(self) -> Self:
        for name, record in self.records.items():
            for kept in record.of.values():
                wrong = [what for what, names in self._rules.items() if getattr(kept, what) not in names]
                if wrong:
                    raise ValueError(f"{name}: {', '.join(wrong)}")
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known = {**self._rules, "type": TYPES, "access": self.access}
        for kind, card in self.cards.items():
            for name, one in card.fields.items():
                wrong = [what for what, names in known.items() if getattr(one, what) not in names]
                if one.mandatory not in {None, *self.mandatory}:
                    wrong.append("mandatory")
                if (one.options is not None) != (one.type in {"choice", "choices"}):
                    wrong.append("options")
                if wrong:
                    raise ValueError(f"{kind}.{name}: {', '.join(wrong)}")
        for transfer in self.transfers.values():
            for kind, names in transfer.fields.items():
                card = self.cards[kind]
                if not set(names) <= card.fields.keys() - card.on_consent:
                    raise ValueError(f"{transfer.title}: fields that are not there, or on consent alone")
        if any(set(rule) != set(Audience) for rule in self.access.values()):
            raise ValueError("an access rule names every audience")
        return self

    def records_of(self, kind: CardKind) -> Mapping[str, Kept]:
        """Records that are kept of people with a kind of card."""
        return {name: one.of[kind] for name, one in self.records.items() if kind in one.of}

    def kept_of(self, kind: CardKind) -> Mapping[str, Kept]:
        """Everything that is kept of a person: the card's fields, and records."""
        return {**self.cards[kind].fields, **self.records_of(kind)}

    def level(self, one: FieldDef, audience: Audience) -> Level:
        """How much of a field an audience sees."""
        return self.access[one.access][audience]


def _load() -> Catalogue:
    return Catalogue.model_validate(read_yaml("sgo_core.catalogue", "catalogue.yaml"))


CATALOGUE = _load()
