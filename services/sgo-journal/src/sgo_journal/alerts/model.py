"""Alerts on unusual changes of marks, and what an organization wants to be told of."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, SmallInteger, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear


class Alert(PerYear, Base):
    """Something unusual about a change of the sealed history; of each change a kind once. ``text`` names nobody."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint(*("organization_id", "academic_year", "change_id", "kind"), name="uq_alert_change"),
        ForeignKeyConstraint(
            ["organization_id", "academic_year", "change_id"],
            [f"record_change.{name}" for name in ("organization_id", "academic_year", "id")],
            name="fk_alert_record_change",
        ),
        Index("ix_alert_id", "id"),
        Index("ix_alert_journal_id", "organization_id", "academic_year", "journal_id", "id"),
        Index(
            "ix_alert_student_id",
            *("organization_id", "academic_year", "student_id"),
            postgresql_where=text("kind = 'many'"),
        ),
        Index(
            "ix_alert_open",
            *("organization_id", "academic_year", "id"),
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
        CheckConstraint("kind IN ('late', 'raised', 'many', 'off_hours', 'other_hand', 'total_off')", name="kind"),
        CheckConstraint("num_nulls(acknowledged_at, acknowledged_by, comment) IN (0, 3)", name="acknowledged"),
        PARTITIONED,
    )

    change_id: Mapped[UUID]
    kind: Mapped[str]
    journal_id: Mapped[UUID]
    lesson_id: Mapped[UUID | None]
    student_id: Mapped[UUID]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
    text: Mapped[str]
    found_at: Mapped[dt.datetime]
    acknowledged_at: Mapped[dt.datetime | None]
    acknowledged_by: Mapped[UUID | None]
    comment: Mapped[str | None]


class AlertSettings(Base):
    """Thresholds of an organization, as ``judging.Rules`` has them; one without a row has those of ``service.DEFAULTS``."""

    __tablename__ = "alert_settings"
    __table_args__ = (
        CheckConstraint("late_days BETWEEN 0 AND 366", name="late"),
        CheckConstraint("raised_by BETWEEN 1 AND 4", name="raised"),
        CheckConstraint("many_changes BETWEEN 2 AND 100 AND many_minutes BETWEEN 1 AND 1440", name="many"),
        CheckConstraint("night_from BETWEEN 0 AND 23 AND night_until BETWEEN 0 AND 23", name="night"),
        CheckConstraint("total_difference > 0", name="total"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    late_days: Mapped[int | None] = mapped_column(SmallInteger)
    raised_by: Mapped[int] = mapped_column(SmallInteger)
    many_changes: Mapped[int] = mapped_column(SmallInteger)
    many_minutes: Mapped[int] = mapped_column(SmallInteger)
    night_from: Mapped[int] = mapped_column(SmallInteger)
    night_until: Mapped[int] = mapped_column(SmallInteger)
    own_at_night: Mapped[bool]
    total_difference: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    version: Mapped[int]


class WatchedBlock(Base):
    """The last block of the sealed history that was looked through."""

    __tablename__ = "watched_block"
    __table_args__ = (CheckConstraint("singleton", name="singleton"),)

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default=true())
    number: Mapped[int]
