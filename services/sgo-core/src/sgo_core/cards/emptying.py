"""Emptying fields of a card when they are destroyed: what finds the person by them goes too.

A column that the row cannot be without is made impersonal: a name is replaced, of a birth date the year is left. What says nothing of
a person by itself (sex, citizenship) stays.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Table

from sgo_core.database import Base

GONE = "Уничтожено"
"""Stands in place of a name that was destroyed."""
NAMES = frozenset({"last_name", "first_name", "middle_name"})
_KEYS = {"snils": "snils_key", "document": "document_key"}


def needed(model: type[Base]) -> frozenset[str]:
    """Columns that a row of a card cannot be without."""
    table = model.__table__
    assert isinstance(table, Table)
    return frozenset(column.key for column in table.columns if not column.nullable)


def may_be_emptied(model: type[Base], name: str) -> bool:
    """Whether a field of a card can be destroyed at all."""
    return name not in needed(model) or name in NAMES or name == "birth_date"


def emptied(card: Base, fields: Collection[str]) -> dict[str, Any]:
    """Columns to set so that nothing is left of some fields."""
    required = needed(type(card))
    columns = {name: _neutral(card, name) if name in required else None for name in fields}
    columns |= {key: None for name, key in _KEYS.items() if name in fields and hasattr(card, key)}
    if NAMES & set(fields) and hasattr(card, "search_name"):
        columns["search_name"] = GONE.casefold()
    return columns


def _neutral(card: Base, name: str) -> Any:
    if name == "birth_date":
        born: date = card.birth_date  # type: ignore[attr-defined]  # cards of people have one
        return born.replace(month=1, day=1)
    return GONE if name in NAMES else getattr(card, name)
