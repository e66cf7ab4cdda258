"""The data catalogue: every field of the cards with what is decided by it (``catalogue.yaml``)."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

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


class FieldDef(_Strict):
    """A field as the file describes it; ``mandatory`` names a condition, ``annex`` its places in Appendix 1, 1.1."""

    title: str
    type: str
    category: str
    purpose: str
    ground: str
    access: str
    retention: str
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
    cards: Mapping[CardKind, CardDef] = Field(min_length=len(CardKind))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known: Mapping[str, Mapping[str, Any]] = {
            "type": TYPES,
            "category": self.categories,
            "purpose": self.purposes,
            "ground": self.grounds,
            "access": self.access,
            "retention": self.retention,
        }
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

    def level(self, one: FieldDef, audience: Audience) -> Level:
        """How much of a field an audience sees."""
        return self.access[one.access][audience]


def _load() -> Catalogue:
    text = files("sgo_core.catalogue").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    return Catalogue.model_validate(yaml.safe_load(text))


CATALOGUE = _load()
