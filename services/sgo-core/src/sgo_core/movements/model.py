"""Orders, memberships, placements and the movement book."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class MovementOrder(Recorded, Base):
    """An order (приказ) of an organization: drafted, checked by another person, signed by the head, then never altered.

    ``lines`` is what is asked for, carried out when it is signed; an order of an admission or a class list comes signed and
    has none. ``cancels`` is the order it undoes. ``remark`` says why it was returned.
    """

    __tablename__ = "movement_order"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index(
            "uq_movement_order_number",
            "organization_id",
            "number",
            "date",
            unique=True,
            postgresql_where=text("state = 'signed'"),
        ),
        Index("uq_movement_order_cancels", "cancels", unique=True, postgresql_where=text("state = 'signed'")),
        Index(
            "ix_movement_order_open", "organization_id", "id", postgresql_where=text("state IN ('draft', 'checked')")
        ),
        CheckConstraint("state IN ('draft', 'checked', 'signed', 'withdrawn')", name="state"),
        CheckConstraint("state <> 'checked' OR checked_by <> drafted_by", name="checked"),
        CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    number: Mapped[str] = mapped_column(Text)
    date: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    lines: Mapped[Any] = mapped_column(JSONB)
    cancels: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("movement_order.id"))
    remark: Mapped[str | None] = mapped_column(Text)
    drafted_by: Mapped[str] = mapped_column(Text)
    checked_by: Mapped[str | None] = mapped_column(Text)
    signed_by: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Membership(Base):
    """A student's stay in an organization, [valid_from, valid_to).

    One main membership region-wide at a time; additional ones follow a programme of additional education each, one at a time in a
    programme, and never touch the main one.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        ExcludeConstraint(
            ("student_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            where=text("main"),
            name="ex_membership_one_main",
        ),
        ExcludeConstraint(
            ("student_id", "="),
            ("programme_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            where=text("NOT main"),
            name="ex_membership_one_per_programme",
        ),
        ForeignKeyConstraint(
            ["organization_id", "programme_id"],
            ["programme.organization_id", "programme.id"],
            name="fk_membership_programme",
        ),
        CheckConstraint("main = (programme_id IS NULL)", name="programme"),
        CheckConstraint("valid_to >= valid_from", name="interval"),
        Index("ix_membership_organization_id", "organization_id", "valid_from"),
        Index("ix_membership_student_id", "student_id"),
        Index("ix_membership_main", "organization_id", "valid_from", "valid_to", postgresql_where=text("main")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    main: Mapped[bool] = mapped_column(Boolean)
    programme_id: Mapped[UUID | None] = mapped_column(Uuid)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Placement(Base):
    """A student's stay in a class or group, [valid_from, valid_to), inside a membership of the same organization.

    ``holds_place``: counted in the group's occupancy, from the record of the placement until the day it ends.
    """

    __tablename__ = "placement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "membership_id"],
            ["membership.organization_id", "membership.id"],
            name="fk_placement_membership",
        ),
        ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_placement_group",
        ),
        ExcludeConstraint(
            ("membership_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_placement_one_per_membership",
        ),
        CheckConstraint("valid_to >= valid_from", name="interval"),
        CheckConstraint("holds_place OR valid_to IS NOT NULL", name="holds_place"),
        Index("ix_placement_group_id", "group_id", "valid_from"),
        Index("ix_placement_ending", "valid_to", postgresql_where=text("holds_place AND valid_to IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    membership_id: Mapped[UUID] = mapped_column(Uuid)
    group_id: Mapped[UUID] = mapped_column(Uuid)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    holds_place: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class AcademicLeave(Base):
    """A student's leave, [valid_from, valid_to), meant to last until ``until``; the student stays in the contingent."""

    __tablename__ = "academic_leave"
    __table_args__ = (
        ExcludeConstraint(
            ("membership_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_academic_leave_one_at_a_time",
        ),
        CheckConstraint("until > valid_from AND valid_to >= valid_from", name="interval"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("membership.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class EndedWithStay(Base):
    """A row that rested on a stay (a placement or a membership) and ended with it, on ``ended_on``; ``valid_to`` is the end it had before.

    Noted by the triggers that end it, taken by the order that undoes the end of the stay.
    """

    __tablename__ = "ended_with_stay"
    __table_args__ = (
        CheckConstraint("relation IN ('teaching_group_stay', 'study_form')", name="relation"),
        CheckConstraint("valid_to > ended_on", name="shorter"),
    )

    stay_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    row_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    relation: Mapped[str] = mapped_column(Text)
    ended_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Movement(Base):
    """A line of the movement book (regulation 2.2.1), never altered. ``reason`` of a departure is a code of ``reasons.yaml``.

    ``leave_id`` is the leave the line began or ended, ``transfer_id`` the transfer it carried out.
    ``recorded_for`` is the card it was recorded for, where that was merged into another since: readers were told of that one.
    """

    __tablename__ = "movement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "order_id"],
            ["movement_order.organization_id", "movement_order.id"],
            name="fk_movement_order",
        ),
        CheckConstraint(
            "kind IN ('enrolled', 'restored', 'transferred_between_groups', 'transferred_between_organizations', "
            "'academic_leave_started', 'academic_leave_ended', 'promoted', 'repeated', 'graduated', 'departed', 'cancelled')",
            name="kind",
        ),
        CheckConstraint("opened_id IS NOT NULL OR closed_id IS NOT NULL OR leave_id IS NOT NULL", name="effect"),
        CheckConstraint(
            "kind <> 'transferred_between_organizations' OR transfer_id IS NOT NULL OR reason = 'reorganization'",
            name="transfer",
        ),
        Index("ix_movement_transfer_id", "transfer_id", postgresql_where=text("transfer_id IS NOT NULL")),
        Index(
            "ix_movement_left",
            "organization_id",
            "effective_date",
            "id",
            postgresql_where=text("opened_id IS NULL AND closed_id IS NOT NULL"),
        ),
        Index("ix_movement_student_id", "student_id", "effective_date"),
        Index("ix_movement_organization_id", "organization_id", "id"),
        Index("uq_movement_admission_id", "admission_id", unique=True),
        Index("uq_movement_application_id", "application_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    order_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    recorded_for: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    effective_date: Mapped[date] = mapped_column(Date)
    opened_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("placement.id"))
    closed_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("placement.id"))
    leave_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("academic_leave.id"))
    transfer_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("transfer.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    destination: Mapped[str | None] = mapped_column(Text)
    application_id: Mapped[UUID | None] = mapped_column(Uuid)
    admission_id: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[str] = mapped_column(Text)

    @property
    def told_of(self) -> UUID:
        """The card that readers were told of."""
        return self.recorded_for or self.student_id
