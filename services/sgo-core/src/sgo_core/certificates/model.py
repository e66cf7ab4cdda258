"""Certificates of education, the book they are entered in, and their blanks."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

_HANDED = "(state = 'handed') = (handed_on IS NOT NULL) AND (handed_on IS NULL) = (handed_to IS NULL) AND handed_on >= registered_on"
_REGISTERED = (
    "(state IN ('registered', 'handed')) = (registration_number IS NOT NULL) "
    "AND (registration_number IS NULL) = (registered_on IS NULL)"
)
_ORIGINAL = "duplicate_of IS NULL AND kind <> 'study_note' AND state <> 'withdrawn'"


class CertificateBook(Base):
    """The last number of an issue book; the database counts."""

    __tablename__ = "certificate_book"

    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    last_number: Mapped[int] = mapped_column(Integer)


class Certificate(Recorded, Base):
    """A certificate (аттестат) of basic or secondary education, or a note of study (справка об обучении).

    Names and marks are those of the day it was drafted: the document says what it said. ``marks``: subject and final mark in order.
    """

    belongs_to = ("student_id",)

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("kind IN ('basic', 'secondary', 'study_note')", name="kind"),
        CheckConstraint("state IN ('draft', 'withdrawn', 'registered', 'handed')", name="state"),
        CheckConstraint("NOT honours OR kind <> 'study_note'", name="honours"),
        CheckConstraint(_REGISTERED, name="registered"),
        CheckConstraint("(kind = 'study_note' OR registration_number IS NULL) = (blank IS NULL)", name="blank"),
        CheckConstraint(_HANDED, name="handed"),
        CheckConstraint("handed_to IN ('graduate', 'representative', 'post')", name="handed_to"),
        CheckConstraint("(duplicate_of IS NULL) = (duplicate_reason IS NULL) AND duplicate_of <> id", name="duplicate"),
        CheckConstraint("federal_state IN ('not_sent', 'sent', 'accepted', 'rejected')", name="federal_state"),
        Index("uq_certificate_original", "student_id", "kind", unique=True, postgresql_where=text(_ORIGINAL)),
        Index("uq_certificate_registration", "organization_id", "kind", "registration_number", unique=True),
        Index("ix_certificate_organization_id", "organization_id", "academic_year", "id"),
        Index("ix_certificate_student_id", "student_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    kind: Mapped[str] = mapped_column(Text)
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    state: Mapped[str] = mapped_column(Text)
    honours: Mapped[bool] = mapped_column(Boolean)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date] = mapped_column(Date)
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    order_number: Mapped[str] = mapped_column(Text)
    order_date: Mapped[date] = mapped_column(Date)
    duplicate_of: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("certificate.id"))
    duplicate_reason: Mapped[str | None] = mapped_column(Text)
    registration_number: Mapped[int | None] = mapped_column(Integer)
    registered_on: Mapped[date | None] = mapped_column(Date)
    blank: Mapped[str | None] = mapped_column(Text)
    handed_on: Mapped[date | None] = mapped_column(Date)
    handed_to: Mapped[str | None] = mapped_column(Text)
    handed_note: Mapped[str | None] = mapped_column(Text)
    federal_state: Mapped[str] = mapped_column(Text)
    federal_on: Mapped[date | None] = mapped_column(Date)
    federal_note: Mapped[str | None] = mapped_column(Text)


class CertificateBlank(Base):
    """A numbered blank that was used; its number is used once in the region."""

    __tablename__ = "certificate_blank"
    __table_args__ = (
        CheckConstraint("number ~ '^[0-9]{14}$'", name="number"),
        Index("ix_certificate_blank_certificate_id", "certificate_id"),
    )

    number: Mapped[str] = mapped_column(Text, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    certificate_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("certificate.id"))
    used_on: Mapped[date] = mapped_column(Date)
    used_by: Mapped[str] = mapped_column(Text)


class SpoiltBlank(Base):
    """A blank that was spoilt, and the act about it."""

    __tablename__ = "spoilt_blank"

    number: Mapped[str] = mapped_column(Text, ForeignKey("certificate_blank.number"), primary_key=True)
    spoilt_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    noted_by: Mapped[str] = mapped_column(Text)
