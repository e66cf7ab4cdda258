"""Acts of destruction: what has been kept for its term, checked by one, approved by another, then destroyed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class DestructionAct(Recorded, Base):
    """An act (order of Roskomnadzor № 179 of 28.10.2022): drafted, checked by another, approved by the head, carried out.

    ``selected_on``: the day as of which the terms were looked at. ``commission`` says who destroys.
    """

    __tablename__ = "destruction_act"
    __table_args__ = (
        Index("ix_destruction_act_organization_id", "organization_id", "id"),
        Index(
            "uq_destruction_act_number",
            "organization_id",
            "number",
            "date",
            unique=True,
            postgresql_where=text("state IN ('approved', 'done')"),
        ),
        CheckConstraint("state IN ('draft', 'checked', 'approved', 'done', 'withdrawn')", name="state"),
        CheckConstraint("checked_by <> drafted_by", name="two_persons"),
        CheckConstraint("state NOT IN ('checked', 'approved', 'done') OR checked_by IS NOT NULL", name="checked"),
        CheckConstraint("state NOT IN ('approved', 'done') OR approved_by IS NOT NULL", name="approved"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    number: Mapped[str] = mapped_column(Text)
    selected_on: Mapped[date] = mapped_column(Date)
    date: Mapped[date] = mapped_column(Date)
    commission: Mapped[Any] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    remark: Mapped[str | None] = mapped_column(Text)
    drafted_by: Mapped[str] = mapped_column(Text)
    checked_by: Mapped[str | None] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DestructionLine(Base):
    """A card in an act: fields whose term is over, or (``erasure_id`` from the start) what was erased without an act before.

    ``outcome`` says what became of it: destroyed, blocked (another ground keeps it), held, returned (the person is back),
    nothing (somebody emptied it meanwhile).
    """

    __tablename__ = "destruction_line"
    __table_args__ = (
        Index("ix_destruction_line_open", "act_id", "number", postgresql_where=text("outcome IS NULL")),
        UniqueConstraint("erasure_id"),
        CheckConstraint("subject_kind IN ('student', 'guardian', 'worker')", name="subject_kind"),
        CheckConstraint("cause IN ('term', 'withdrawal', 'expiry', 'request')", name="cause"),
        CheckConstraint("outcome IN ('destroyed', 'blocked', 'held', 'returned', 'nothing')", name="outcome"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        CheckConstraint("destroyed <@ fields", name="destroyed"),
    )

    act_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("destruction_act.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    cause: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    left_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)
    destroyed: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erasure_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("erasure.id"))
