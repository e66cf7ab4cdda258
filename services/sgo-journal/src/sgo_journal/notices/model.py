"""Notices to classes: what families should know of their timetable, one row a change."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear


class Notice(PerYear, Base):
    """Something became otherwise for learners on ``date``, or on days of [date, until). Append-only.

    ``kind``: ``kinds.Kind``. ``source_id`` is the lesson, switch, event or timetable. ``old`` and ``new`` keep places, teachers and
    rooms by id; ``text`` is what is public of it besides: the reason of a switch, the title of an event. Why a lesson was moved or a
    teacher is away is in none of them.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_learners_id", "organization_id", "academic_year", "learners_id", "id"),
        CheckConstraint("until > date", name="days"),
        PARTITIONED,
    )

    learners_id: Mapped[UUID]
    kind: Mapped[str]
    date: Mapped[dt.date]
    until: Mapped[dt.date | None]
    number: Mapped[int | None] = mapped_column(SmallInteger)
    source_id: Mapped[UUID]
    journal_id: Mapped[UUID | None]
    old: Mapped[dict[str, Any]] = mapped_column(JSONB)
    new: Mapped[dict[str, Any]] = mapped_column(JSONB)
    text: Mapped[str | None]
    made_at: Mapped[dt.datetime]
