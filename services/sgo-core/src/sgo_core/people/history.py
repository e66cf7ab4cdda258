"""Changing a card so that its history is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from sgo_core.people.model import Guardian, Guardianship, Student
from sgo_core.people.records import Author

Card = Student | Guardian

_DERIVED = frozenset({"snils_key", "document_key"})


def change(card: Card, values: Mapping[str, Any], author: Author, now: datetime) -> dict[str, Any] | None:
    """Set new values, count a version; the history row, or nothing if all values stand already."""
    changes = _set(card, values, now)
    shown = {name: pair for name, pair in changes.items() if name not in _DERIVED}
    return row(card, shown, author, now) if changes else None


def change_tie(tie: Guardianship, values: Mapping[str, Any], author: Author, now: datetime) -> dict[str, Any] | None:
    """The same for a guardianship: its history stands on the student's card, the guardian named in the field."""
    changes = {f"guardians/{tie.guardian_id}/{name}": pair for name, pair in _set(tie, values, now).items()}
    return _row("student", tie.student_id, changes, author, now) if changes else None


def row(card: Card, changes: Mapping[str, Any], author: Author, now: datetime) -> dict[str, Any]:
    """A row of the history."""
    return _row("student" if isinstance(card, Student) else "guardian", card.id, changes, author, now)


def _set(entity: Card | Guardianship, values: Mapping[str, Any], now: datetime) -> dict[str, list[Any]]:
    """Set what differs; old and new value by field."""
    changes = {name: (getattr(entity, name), value) for name, value in values.items() if getattr(entity, name) != value}
    for name, (_, new) in changes.items():
        setattr(entity, name, new)
    if changes:
        entity.version += 1
        entity.updated_at = now
    return {name: [_text(old), _text(new)] for name, (old, new) in changes.items()}


def _row(card: str, card_id: UUID, changes: Mapping[str, Any], author: Author, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "card": card,
        "card_id": card_id,
        "changes": dict(changes),
        "changed_at": now,
        "changed_by": author.account_id,
        "reason": author.reason,
    }


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else None if isinstance(value, bytes) else value
