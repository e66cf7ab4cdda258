"""What is doubtful about a card: rules of ``rules.yaml``, and those that must look into sealed fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from servicekit.packaged import read_yaml
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, Level

RuleKind = Literal["contradiction", "suspicious", "stale", "duplicate"]


class Rule(BaseModel):
    """A rule, the fields of the card that it looks into, and its condition over a population's card, in SQL."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    card: CardKind
    kind: RuleKind
    title: str
    fields: tuple[str, ...] = ()
    where: str


@dataclass(frozen=True)
class OpenedRule:
    """A rule over a sealed field's plain value and the card's birth date; ``among`` narrows the cards to open, in SQL."""

    code: str
    card: CardKind
    kind: RuleKind
    title: str
    field: str
    fields: tuple[str, ...]
    among: str
    broken: Callable[[Mapping[str, Any], date, date], bool]


_GRACE = timedelta(days=90)
_CHILD_PASSPORT = 14
_EXCHANGES = (20, 45)
"""Ages at which a passport is exchanged, within ninety days (Постановление Правительства РФ от 23.12.2023 № 2267)."""


def _birthday(born: date, age: int) -> date:
    """The day an age is reached; of a 29 February the next day."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _child_needs_passport(document: Mapping[str, Any], born: date, today: date) -> bool:
    return document["kind"] == "birth_certificate" and today > _birthday(born, _CHILD_PASSPORT) + _GRACE


def _passport_expired(document: Mapping[str, Any], born: date, today: date) -> bool:
    issued = document.get("issued_on")
    if document["kind"] != "passport_rf" or issued is None:
        return False
    return any(date.fromisoformat(issued) < _birthday(born, age) < today - _GRACE for age in _EXCHANGES)


def _ended(value: Mapping[str, Any], _born: date, today: date) -> bool:
    until = value.get("valid_until")
    return until is not None and date.fromisoformat(until) < today


_ADULT = "c.birth_date < :day - interval '20 years'"
OPENED: Sequence[OpenedRule] = (
    OpenedRule(
        "student.certificate-at-14",
        CardKind.STUDENT,
        "stale",
        "Обучающемуся больше 14 лет, а в карточке свидетельство о рождении",
        "document",
        ("document", "birth_date"),
        "c.birth_date < :day - interval '14 years'",
        _child_needs_passport,
    ),
    OpenedRule(
        "student.special-needs",
        CardKind.STUDENT,
        "stale",
        "Срок заключения ПМПК истёк",
        "special_needs",
        ("special_needs",),
        "true",
        _ended,
    ),
    OpenedRule(
        "student.disability",
        CardKind.STUDENT,
        "stale",
        "Срок справки об инвалидности истёк",
        "disability",
        ("disability",),
        "true",
        _ended,
    ),
    OpenedRule(
        "guardian.passport",
        CardKind.GUARDIAN,
        "stale",
        "Паспорт подлежал замене по возрасту",
        "document",
        ("document", "birth_date"),
        _ADULT,
        _passport_expired,
    ),
    OpenedRule(
        "worker.passport",
        CardKind.WORKER,
        "stale",
        "Паспорт подлежал замене по возрасту",
        "document",
        ("document", "birth_date"),
        _ADULT,
        _passport_expired,
    ),
)


def _load() -> Sequence[Rule]:
    return TypeAdapter(list[Rule]).validate_python(read_yaml("sgo_core.quality", "rules.yaml"))


RULES = _load()
BY_CODE: Mapping[str, Rule | OpenedRule] = {one.code: one for one in RULES} | {one.code: one for one in OPENED}
KINDS: Sequence[RuleKind] = ("contradiction", "suspicious", "stale", "duplicate")
_CLOSED_FIRST = (Level.NONE, Level.MASKED, Level.FULL)


def openness(rule: Rule | OpenedRule, audience: Audience) -> Level:
    """How much an audience learns of a card from a rule's doubt: as much as it sees of the least open field behind it."""
    fields = CATALOGUE.cards[rule.card].fields
    levels = [CATALOGUE.level(fields[name], audience) for name in rule.fields]
    return min(levels, key=_CLOSED_FIRST.index, default=Level.FULL)
