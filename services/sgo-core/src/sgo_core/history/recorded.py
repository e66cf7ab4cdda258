"""What every row with a history carries (``row_history`` keeps its former states).

A trigger (``keep_history``) moves the old state of a changed row there: no code can forget it, and the application may only read
what is kept. A row that has a history is never deleted, only ended or put out of use.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Integer, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column


@dataclass(frozen=True)
class Author:
    """Who changes something and why: for its history."""

    account_id: str
    reason: str


class Recorded:
    """A row with a history: since when it stands as it does, by whom, why; ``version`` counts for ``If-Match`` and events.

    ``belongs_to`` names the columns with the cards the row belongs to, ``quiet`` those whose change is no news; the table's
    trigger says the same.
    """

    belongs_to: ClassVar[tuple[str, ...]] = ("id",)
    quiet: ClassVar[tuple[str, ...]] = ()

    version: Mapped[int] = mapped_column(Integer, server_default=text("1"), sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), sort_order=91)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), sort_order=92)
    recorded_by: Mapped[str] = mapped_column(Text, sort_order=93)
    reason: Mapped[str] = mapped_column(Text, sort_order=94)


def signature(author: Author, now: datetime) -> dict[str, Any]:
    """Values of the columns that say who makes a row, when and why."""
    return {"updated_at": now, "recorded_at": now, "recorded_by": author.account_id, "reason": author.reason}


def sign(row: Recorded, author: Author, now: datetime) -> None:
    """Count a version of a row that is being changed, and say who changes it."""
    row.version += 1
    row.updated_at = row.recorded_at = now
    row.recorded_by, row.reason = author.account_id, author.reason
