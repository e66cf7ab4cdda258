"""Closed periods and what opened them again for a while. The database refuses marks in a closed one (``day_is_closed``)."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class PeriodClosing(PerYear, Base):
    """The days [first_day, last_day] of a class (with whatever subgroups it has or gets), group or teaching group are closed.

    Until it is revoked; then it closes nothing. ``period``: its number, 0 of the year, none of other days (months of preschool groups).
    ``told``: what others were told last of its results (``telling``), for how manieth time and when.
    ``reason``: why it was closed with gaps in the check list.
    """

    __tablename__ = "period_closing"
    __table_args__ = (
        Index("ix_period_closing_learners_id", "organization_id", "learners_id"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("num_nulls(told, told_at) IN (0, 2) AND (told IS NULL) = (told_version = 0)", name="told"),
        CheckConstraint("num_nulls(revoked_at, revoked_by, revoked_for) IN (0, 3)", name="revoked"),
        Index(
            "uq_period_closing_days",
            *("organization_id", "academic_year", "learners_id", "first_day", "last_day"),
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        PARTITIONED,
    )

    learners_id: Mapped[UUID]
    title: Mapped[str]
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    closed_at: Mapped[dt.datetime]
    closed_by: Mapped[UUID]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[UUID | None]
    revoked_for: Mapped[str | None]
    reason: Mapped[str | None]
    period: Mapped[int | None] = mapped_column(SmallInteger)
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    told_version: Mapped[int] = mapped_column(server_default=text("0"))
    told_at: Mapped[dt.datetime | None]


class PeriodUnlock(PerYear, Base):
    """A closed period was opened by an order until an instant, for one journal or (``journal_id`` empty) all of the learners.

    Its days are open even where another closing, of the whole year, covers them.
    """

    __tablename__ = "period_unlock"
    __table_args__ = (
        Index("ix_period_unlock_closing_id", "organization_id", "academic_year", "closing_id"),
        belongs_to("period_unlock", "period_closing", "closing_id"),
        PARTITIONED,
    )

    closing_id: Mapped[UUID]
    journal_id: Mapped[UUID | None]
    open_until: Mapped[dt.datetime]
    order_number: Mapped[str]
    order_date: Mapped[dt.date]
    reason: Mapped[str]
    unlocked_at: Mapped[dt.datetime]
    unlocked_by: Mapped[UUID]
