"""Changing a row that has a history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from identifiers import normal_name
from sgo_core.catalogue.values import Address
from sgo_core.history.recorded import Author, Recorded, sign


def change(row: Recorded, columns: Mapping[str, Any], author: Author, now: datetime) -> frozenset[str]:
    """Set what differs and count a version; names of the columns changed. The database keeps the former state."""
    changed = frozenset(name for name, value in columns.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        sign(row, author, now)
    return changed


def without_same(values: Mapping[str, Any], card: Any) -> dict[str, Any]:
    """Values without those that a card has already, only written otherwise.

    «ПЕТР» does not correct «Пётр», and an address without its parts does not take them from the same address that has them.
    """
    return {name: value for name, value in values.items() if not _is_same(name, value, getattr(card, name))}


def _is_same(name: str, value: Any, stands: Any) -> bool:
    if name in {"last_name", "first_name", "middle_name"}:
        return normal_name(value) == normal_name(stands or "")
    if isinstance(value, Address) and isinstance(stands, Mapping):
        return value == Address(text=value.text) and value.text == stands.get("text")
    return False
