"""Bulk switches of lessons: quarantine, weather days, remote mode."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear


class Switch(PerYear, Base):
    """Lessons of [valid_from, valid_to) were cancelled or put into remote mode by one decision.

    It is about classes and groups (``learners_ids``), about grades, or, where neither is named, about the whole organization.
    ``lessons``: how many it has switched.
    """

    __tablename__ = "switch"
    __table_args__ = (
        Index("ix_switch_id", "id"),
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
