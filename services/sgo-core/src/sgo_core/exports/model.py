"""Exports: who took which data out, what for, with whose approval."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class Export(Base):
    """A table or a whole organization taken out on behalf of ``principal``.

    A large one waits for another person of the unit (``decided_by``). ``subjects`` is the number of people in it when it was
    ordered, ``row_count`` and ``sha256`` tell of the file, which lives a day.
    """

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint("format IN ('xlsx', 'csv', 'zip')", name="format"),
        CheckConstraint("state IN ('waiting', 'declined', 'making', 'ready', 'failed', 'expired')", name="state"),
        CheckConstraint("decided_by <> account_id", name="two_people"),
        CheckConstraint("kind <> 'whole' OR state IN ('waiting', 'declined') OR decided_by IS NOT NULL", name="whole"),
        Index("ix_export_account_id", "account_id", "ordered_at"),
        Index("ix_export_unit", "unit", "id"),
        Index("ix_export_ready", "ready_at", postgresql_where=text("state = 'ready'")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    principal: Mapped[Any] = mapped_column(JSONB)
    kind: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    day: Mapped[date] = mapped_column(Date)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    purpose: Mapped[str] = mapped_column(Text)
    subjects: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    run_id: Mapped[UUID | None] = mapped_column(Uuid)
    ready_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    row_count: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(Text)
    downloads: Mapped[int] = mapped_column(Integer, server_default=text("0"))
