"""Students, guardians, the ties between them."""

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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Student(Recorded, Base):
    """A child's card with the fields of the data catalogue.

    Sealed ones are ciphertext, the keys beside them find the child and are unique in the region.
    ``document_key`` stays empty when another student came with the same document first (a duplicate note tells of it).
    ``kept_by`` is the organization that opened the card: it sees it until a membership says who does. ``search_name`` is the
    normal form of the names. ``merged_into`` is the same child's card that lives on (slice ``merging``); numbers of this one find it.
    """

    __tablename__ = "student"
    __table_args__ = (
        Index("uq_student_statistical_id", "statistical_id", unique=True),
        Index("uq_student_snils_key", "snils_key", unique=True),
        Index("uq_student_document_key", "document_key", unique=True),
        Index("ix_student_birth_date", "birth_date", "search_name"),
        Index(
            "ix_student_search_name",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index("ix_student_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("merged_into IS NULL OR (archived_on IS NOT NULL AND merged_into <> id)", name="merged_into"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    statistical_id: Mapped[UUID] = mapped_column(Uuid)
    kept_by: Mapped[UUID | None] = mapped_column(Uuid)
    archived_on: Mapped[date | None] = mapped_column(Date)
    merged_into: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("student.id"))
    search_name: Mapped[str] = mapped_column(Text)
    snils_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date] = mapped_column(Date)
    document: Mapped[str | None] = mapped_column(Text)
    snils: Mapped[str | None] = mapped_column(Text)
    sex: Mapped[str] = mapped_column(Text)
    residence: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    registration: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    home_phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    health_group: Mapped[str | None] = mapped_column(Text)
    pe_group: Mapped[str | None] = mapped_column(Text)
    diseases: Mapped[str | None] = mapped_column(Text)
    health_restrictions: Mapped[str | None] = mapped_column(Text)
    pe_exemptions: Mapped[str | None] = mapped_column(Text)
    furniture_size: Mapped[str | None] = mapped_column(Text)
    seating: Mapped[str | None] = mapped_column(Text)
    personal_file_number: Mapped[str | None] = mapped_column(Text)
    home_computer: Mapped[bool | None] = mapped_column(Boolean)
    medical_policy: Mapped[str | None] = mapped_column(Text)
    medical_insurer: Mapped[str | None] = mapped_column(Text)
    family_composition: Mapped[str | None] = mapped_column(Text)
    social_status: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    deviant_behaviour: Mapped[str | None] = mapped_column(Text)
    citizenship: Mapped[str] = mapped_column(Text)
    second_citizenship: Mapped[str | None] = mapped_column(Text)
    native_language: Mapped[str | None] = mapped_column(Text)
    instruction_language: Mapped[str | None] = mapped_column(Text)
    foreign_languages: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    special_needs: Mapped[str | None] = mapped_column(Text)
    disability: Mapped[str | None] = mapped_column(Text)
    extended_day: Mapped[bool | None] = mapped_column(Boolean)
    boarding: Mapped[bool | None] = mapped_column(Boolean)
    distance_learning: Mapped[bool | None] = mapped_column(Boolean)
    mobile_phone: Mapped[str | None] = mapped_column(Text)


class Guardian(Recorded, Base):
    """A parent or another legal representative; fields as the catalogue has them. ``merged_into`` as of a student."""

    __tablename__ = "guardian"
    __table_args__ = (
        Index("uq_guardian_snils_key", "snils_key", unique=True),
        Index("ix_guardian_document_key", "document_key"),
        Index(
            "ix_guardian_search_name",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index("ix_guardian_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("merged_into IS NULL OR (archived_on IS NOT NULL AND merged_into <> id)", name="merged_into"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    archived_on: Mapped[date | None] = mapped_column(Date)
    merged_into: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("guardian.id"))
    search_name: Mapped[str] = mapped_column(Text)
    snils_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date | None] = mapped_column(Date)
    sex: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(Text)
    residence: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    registration: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    home_phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    mobile_phone: Mapped[str | None] = mapped_column(Text)
    education: Mapped[str | None] = mapped_column(Text)
    workplace: Mapped[str | None] = mapped_column(Text)
    post: Mapped[str | None] = mapped_column(Text)
    work_phone: Mapped[str | None] = mapped_column(Text)
    snils: Mapped[str | None] = mapped_column(Text)


class Guardianship(Recorded, Base):
    """Who is whose guardian, [valid_from, valid_to), and what the guardian may: decide for the child, collect it, see its data."""

    belongs_to = ("student_id", "guardian_id")

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
    may_decide: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    may_collect: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    may_see: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class StudentOffer(Base):
    """What was last told of a student who may be given an account: ``organization_id`` of the main membership in force then.

    ``turns_on`` is the day when that will be another one by itself; ``version`` counts what was told.
    """

    __tablename__ = "student_offer"
    __table_args__ = (Index("ix_student_offer_turns_on", "turns_on", postgresql_where=text("turns_on IS NOT NULL")),)

    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"), primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid)
    turns_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DuplicateNote(Base):
    """Two cards that may be one child: for a person to look at, nothing is merged by it.

    ``different_since`` when somebody looked and found two children, who and why. ``merge_id`` is the merge that passed the note
    on from the absorbed card to the survivor.
    """

    __tablename__ = "duplicate_note"
    __table_args__ = (
        UniqueConstraint("student_id", "other_id"),
        Index("ix_duplicate_note_other_id", "other_id"),
        CheckConstraint("student_id <> other_id", name="distinct"),
        CheckConstraint(
            "num_nulls(different_since, different_by, different_reason) IN (0, 3)",
            name="different",
        ),
        CheckConstraint("reason IN ('same_name_and_birth_date', 'same_document')", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    other_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    reason: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    merge_id: Mapped[UUID | None] = mapped_column(Uuid)
    different_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    different_by: Mapped[str | None] = mapped_column(Text)
    different_reason: Mapped[str | None] = mapped_column(Text)
