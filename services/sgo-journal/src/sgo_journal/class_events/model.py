"""Events of classes and groups beside lessons (Appendix 2, 3.1.4): class hours, meetings, excursions, contests, trips."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Time, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear

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
