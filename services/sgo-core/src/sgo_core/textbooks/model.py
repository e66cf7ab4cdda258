"""Textbooks of an organization: their copies, and the classes that study by them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Textbook(Recorded, Base):
    """An edition of a textbook that an organization has; ``federal_number`` is its number in the federal list.

    ``received`` and ``written_off`` count copies by ``TextbookCopies``; they change under this row's lock.
    """

    __tablename__ = "textbook"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index(
            "uq_textbook_edition",
            "organization_id",
            func.lower(text("title")),
            func.lower(text("authors")),
            text("coalesce(lower(part), '')"),
            text("coalesce(year, 0)"),
            unique=True,
        ),
        Index("ix_textbook_organization_id", "organization_id", "id"),
        CheckConstraint("grade_from BETWEEN 1 AND grade_to AND grade_to <= 12", name="grades"),
        CheckConstraint("year BETWEEN 1900 AND 2100", name="year"),
        CheckConstraint("written_off BETWEEN 0 AND received", name="copies"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    subject_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("subject.id"))
    title: Mapped[str] = mapped_column(Text)
    authors: Mapped[str] = mapped_column(Text)
    part: Mapped[str | None] = mapped_column(Text)
    grade_from: Mapped[int] = mapped_column(Integer)
    grade_to: Mapped[int] = mapped_column(Integer)
    publisher: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(Integer)
    isbn: Mapped[str | None] = mapped_column(Text)
    federal_number: Mapped[str | None] = mapped_column(Text)
    received: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    written_off: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    active: Mapped[bool] = mapped_column(Boolean)

    @property
    def available(self) -> int:
        """Copies there are."""
        return self.received - self.written_off


class TextbookCopies(Base):
    """Copies that came or were written off on a day by a document; append-only."""

    __tablename__ = "textbook_copies"
    __table_args__ = (
        CheckConstraint("kind IN ('received', 'written_off')", name="kind"),
        CheckConstraint("copies > 0", name="copies"),
        Index("ix_textbook_copies_textbook_id", "textbook_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    textbook_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("textbook.id"))
    kind: Mapped[str] = mapped_column(Text)
    copies: Mapped[int] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[str] = mapped_column(Text)


class TextbookUse(Recorded, Base):
    """A class that studies by a textbook in its academic year; a class taken away is not ``active``."""

    belongs_to = ("textbook_id",)

    __tablename__ = "textbook_use"
    __table_args__ = (
        UniqueConstraint("textbook_id", "group_id"),
        ForeignKeyConstraint(
            ["organization_id", "textbook_id"],
            ["textbook.organization_id", "textbook.id"],
            name="fk_textbook_use_textbook",
        ),
        ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_textbook_use_group",
        ),
        Index("ix_textbook_use_group_id", "group_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    textbook_id: Mapped[UUID] = mapped_column(Uuid)
    group_id: Mapped[UUID] = mapped_column(Uuid)
    active: Mapped[bool] = mapped_column(Boolean)
