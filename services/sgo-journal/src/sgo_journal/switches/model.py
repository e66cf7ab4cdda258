"""Bulk switches of lessons: quarantine, weather days, remote mode."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Switch(PerYear, Base):
    """Lessons of [valid_from, valid_to) were cancelled or put into remote mode by one decision.

    It is about classes and groups (``learners_ids``), about grades, or, where neither is named, about the whole organization.
    ``lessons``: how many it has switched.
    """

    __tablename__ = "switch"
    __table_args__ = (
        Index("ix_switch_id", "id"),
        Index(
            "ix_switch_valid_to",
            *("organization_id", "academic_year", "valid_to"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        CheckConstraint("kind IN ('quarantine', 'weather', 'remote', 'other')", name="kind"),
        CheckConstraint("effect IN ('cancel', 'remote')", name="effect"),
        CheckConstraint("valid_from < valid_to", name="interval"),
        CheckConstraint("learners_ids IS NULL OR grades IS NULL", name="whom"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        PARTITIONED,
    )

    kind: Mapped[str]
    effect: Mapped[str]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date]
    learners_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    grades: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    reason: Mapped[str]
    order_number: Mapped[str | None]
    lessons: Mapped[int]
    version: Mapped[int]
    made_by: Mapped[UUID]
    made_at: Mapped[dt.datetime]
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[dt.datetime | None]


class SwitchedLesson(PerYear, Base):
    """A lesson is under a switch until the switch is undone, or somebody decides otherwise on the lesson.

    It may be under several: cancelled while one of them cancels, remote while one of them makes it so. ``own_note``: the note it had
    before the first.
    """

    __tablename__ = "switched_lesson"
    __table_args__ = (
        belongs_to("switched_lesson", "switch"),
        belongs_to("switched_lesson", "lesson"),
        UniqueConstraint(
            *("organization_id", "academic_year", "lesson_id", "switch_id"), name="uq_switched_lesson_switch"
        ),
        Index("ix_switched_lesson_switch_id", "organization_id", "academic_year", "switch_id"),
        PARTITIONED,
    )

    switch_id: Mapped[UUID]
    lesson_id: Mapped[UUID]
    own_note: Mapped[str | None]
