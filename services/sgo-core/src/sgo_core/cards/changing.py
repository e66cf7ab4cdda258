"""Changing a row that has a history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sgo_core.history.recorded import Author, Recorded, sign


def change(row: Recorded, columns: Mapping[str, Any], author: Author, now: datetime) -> frozenset[str]:
    """Set what differs and count a version; names of the columns changed. The database keeps the former state."""
    changed = frozenset(name for name, value in columns.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        sign(row, author, now)
    return changed
