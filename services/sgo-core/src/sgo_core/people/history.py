"""Changing a card so that its history is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from servicekit.ids import new_id
from sgo_core.people.model import Guardian, Student
from sgo_core.people.records import Author

Card = Student | Guardian

_DERIVED = frozenset({"snils_key", "document_key"})


def change(card: Card, values: Mapping[str, Any], author: Author, now: datetime) -> dict[str, Any] | None:
    """Set new values, count a version; the history row, or nothing if all values stand already."""
    changes = {name: (getattr(card, name), value) for name, value in values.items() if getattr(card, name) != value}
    if not changes:
        return None
    for name, (_, new) in changes.items():
        setattr(card, name, new)
    card.version += 1
    card.updated_at = now
    shown = {name: [_text(old), _text(new)] for name, (old, new) in changes.items() if name not in _DERIVED}
    return row(card, shown, author, now)


def row(card: Card, changes: Mapping[str, Any], author: Author, now: datetime) -> dict[str, Any]:
    """A row of the history."""
    return {
        "id": new_id(),
        "card": "student" if isinstance(card, Student) else "guardian",
        "card_id": card.id,
        "changes": dict(changes),
        "changed_at": now,
        "changed_by": author.account_id,
        "reason": author.reason,
    }


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
