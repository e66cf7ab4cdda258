"""Events of classes and groups beside lessons (Appendix 2, 3.1.4): class hours, meetings, excursions, contests, trips."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Time, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to

_KINDS = "('class_hour', 'meeting', 'excursion', 'contest', 'trip', 'extracurricular', 'other')"


class ClassEvent(PerYear, Base):
    """An event of classes and groups on days from ``starts_on`` to ``ends_on``, both included, at a time of day if one is set.

    Whoever is on the roster of ``learners_ids`` on its first day takes part.
    """

    __tablename__ = "class_event"
    __table_args__ = (
        Index("ix_class_event_id", "id"),
        Index("ix_class_event_starts_on", "organization_id", "starts_on", "id"),
        CheckConstraint(f"kind IN {_KINDS}", name="kind"),
        CheckConstraint("cardinality(learners_ids) > 0", name="learners"),
        CheckConstraint("starts_on <= ends_on", name="days"),
        CheckConstraint(
            "(starts_at IS NULL) = (ends_at IS NULL) AND (starts_on < ends_on OR starts_at < ends_at)", name="times"
        ),
        CheckConstraint("state IN ('planned', 'cancelled')", name="state"),
        PARTITIONED,
    )

    kind: Mapped[str]
    title: Mapped[str]
    learners_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    starts_at: Mapped[dt.time | None] = mapped_column(Time)
    ends_at: Mapped[dt.time | None] = mapped_column(Time)
    place: Mapped[str | None]
    room_id: Mapped[UUID | None]
    responsible_id: Mapped[UUID]
    note: Mapped[str | None]
    state: Mapped[str]
    version: Mapped[int]
    made_by: Mapped[UUID]
    made_at: Mapped[dt.datetime]


class ClassEventChange(PerYear, Base):
    """What was decided on an event: how it was, how it became, who and when. Append-only."""

    __tablename__ = "class_event_change"
    __table_args__ = (
        belongs_to("class_event_change", "class_event", "event_id"),
        Index("ix_class_event_change_event_id", "organization_id", "academic_year", "event_id", "id"),
        CheckConstraint("action IN ('planned', 'changed', 'cancelled')", name="action"),
        PARTITIONED,
    )

    event_id: Mapped[UUID]
    action: Mapped[str]
    old: Mapped[dict[str, Any]] = mapped_column(JSONB)
    new: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
