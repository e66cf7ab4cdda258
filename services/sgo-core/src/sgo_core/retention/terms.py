"""When the term of a field is over: by the catalogue's retention rules, counted from the day the person has left.

A term in years runs from 1 January after the year in which the file was closed (order of Rosarchiv № 236). What rests on consent
has served its purpose when the person leaves, and is destroyed within thirty days (152-ФЗ, article 21, part 4).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sgo_core.cards.emptying import may_be_emptied
from sgo_core.catalogue.definition import CATALOGUE, CardKind, Retention
from sgo_core.database import Base

_AFTER_PURPOSE = timedelta(days=30)


@dataclass(frozen=True)
class Term:
    """Fields of a card, and records beside it, with one rule; ``before``: who had left before that day is due."""

    rule: str
    fields: tuple[str, ...]
    before: date


def due_on(left_on: date, rule: Retention) -> date | None:
    """The first day on which values of a rule are to be destroyed; None for those kept for ever."""
    if rule.years is None:
        return None
    if not rule.years:
        return left_on + _AFTER_PURPOSE
    return date(left_on.year + 1 + rule.years, 1, 1)


def cutoff(day: date, rule: Retention) -> date | None:
    """Who left before this day is due on ``day``: the same, asked the other way round."""
    if rule.years is None:
        return None
    if not rule.years:
        return day - _AFTER_PURPOSE + timedelta(days=1)
    return date(max(day.year - rule.years, 1), 1, 1)


def terms(kind: CardKind, model: type[Base], day: date) -> list[Term]:
    """Terms of a card as of a day; what is kept for ever, or says nothing of a person by itself, has none."""
    by_rule: dict[str, list[str]] = {}
    kept = {name: one for name, one in CATALOGUE.cards[kind].stored().items() if may_be_emptied(model, name)}
    for name, one in {**kept, **CATALOGUE.records_of(kind)}.items():
        by_rule.setdefault(one.retention, []).append(name)
    found = []
    for rule, fields in by_rule.items():
        before = cutoff(day, CATALOGUE.retention[rule])
        if before is not None:
            found.append(Term(rule, tuple(fields), before))
    return found


def rules_of(kind: CardKind, fields: Collection[str]) -> list[str]:
    """Rules that some fields and records of a card are kept by, in the order of the catalogue."""
    kept = CATALOGUE.kept_of(kind)
    used = {kept[name].retention for name in fields}
    return [rule for rule in CATALOGUE.retention if rule in used]
