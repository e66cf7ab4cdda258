"""Students, guardians, the ties between them, consents, and the history of their cards."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class Student(Base):
    """A child. СНИЛС, series and number are ciphertext; the keys beside them find the child and are unique in the region.

    ``document_key`` stays empty when another student came with the same document first (a duplicate note tells of it).
    """

    __tablename__ = "student"
    __table_args__ = (
        Index("uq_student_statistical_id", "statistical_id", unique=True),
        Index("uq_student_snils_key", "snils_key", unique=True),
        Index("uq_student_document_key", "document_key", unique=True),
        Index("ix_student_birth_date", "birth_date"),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    statistical_id: Mapped[UUID] = mapped_column(Uuid)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date] = mapped_column(Date)
    sex: Mapped[str] = mapped_column(Text)
    citizenship: Mapped[str] = mapped_column(Text)
    snils: Mapped[str | None] = mapped_column(Text)
    snils_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_kind: Mapped[str | None] = mapped_column(Text)
    document_series: Mapped[str | None] = mapped_column(Text)
    document_number: Mapped[str | None] = mapped_column(Text)
    document_issued_on: Mapped[date | None] = mapped_column(Date)
    document_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Guardian(Base):
    """A parent or another legal representative."""

    __tablename__ = "guardian"
    __table_args__ = (Index("uq_guardian_snils_key", "snils_key", unique=True),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    snils: Mapped[str | None] = mapped_column(Text)
    snils_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Guardianship(Base):
    """Who is whose guardian, [valid_from, valid_to)."""

    __tablename__ = "guardianship"
    __table_args__ = (
        UniqueConstraint("student_id", "guardian_id"),
        Index("ix_guardianship_guardian_id", "guardian_id"),
        CheckConstraint("kinship IN ('mother', 'father', 'guardian', 'other')", name="kinship"),
        CheckConstraint("valid_to >= valid_from", name="interval"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("guardian.id"))
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    kinship: Mapped[str] = mapped_column(Text)
    may_see: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Consent(Base):
    """Written consent to the processing of a student's personal data (regulation 5.4)."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("student_id", "operator", "given_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    operator: Mapped[str] = mapped_column(Text)
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_until: Mapped[date | None] = mapped_column(Date)


class CardChange(Base):
    """One change of a card, never altered: who, when, why, and ``changes`` as ``{field: [old, new]}``.

    Sealed fields stand as ciphertext. The row of a creation has no changes.
    """

    __tablename__ = "card_change"
    __table_args__ = (
        Index("ix_card_change_card_id", "card_id", "id"),
        CheckConstraint("card IN ('student', 'guardian')", name="card"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    card: Mapped[str] = mapped_column(Text)
    card_id: Mapped[UUID] = mapped_column(Uuid)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)


class DuplicateNote(Base):
    """Two cards that may be one child: for a person to look at, nothing is merged by it."""

    __tablename__ = "duplicate_note"
    __table_args__ = (
        UniqueConstraint("student_id", "other_id"),
        Index("ix_duplicate_note_other_id", "other_id"),
        CheckConstraint("student_id <> other_id", name="distinct"),
        CheckConstraint("reason IN ('same_name_and_birth_date', 'same_document')", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    other_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    reason: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
