"""What a family has seen of a diary. Rows are of a child and a reader, whatever organizations the child studies in."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import Base


class DiaryVisit(Base):
    """Up to when a reader has seen what is new in a child's diary."""

    __tablename__ = "diary_visit"

    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(primary_key=True)
    visited_at: Mapped[dt.datetime]


class DiaryAcknowledgement(Base):
    """A guardian has looked a week of a child's diary through; ``week`` is its Monday."""

    __tablename__ = "diary_acknowledgement"
    __table_args__ = (CheckConstraint("extract(isodow FROM week) = 1", name="week"),)

    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(primary_key=True)
    acknowledged_at: Mapped[dt.datetime]
