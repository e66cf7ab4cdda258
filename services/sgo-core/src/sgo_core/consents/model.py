"""Consents to the processing of personal data, other grounds for a field, holds, erasure (152-ФЗ, articles 6, 9, 10, 21)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

_SUBJECTS = "subject_kind IN ('student', 'guardian', 'worker')"


class Consent(Recorded, Base):
    """A subject's consent: to which operator, for which purposes, to which fields of the card, until when.

    ``organization_id`` is the operator where it is an organization of the register; ``given_by`` the guardian who gave it for
    a child.
    """

    belongs_to = ("subject_id",)

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("subject_id", "operator", "given_at"),
        Index("ix_consent_valid_until", "valid_until", postgresql_where=text("withdrawn_at IS NULL")),
        CheckConstraint(_SUBJECTS, name="subject_kind"),
        CheckConstraint("method IN ('paper', 'electronic', 'application')", name="method"),
        CheckConstraint("cardinality(purposes) > 0", name="purposes"),
        CheckConstraint("withdrawn_at >= given_at", name="withdrawn"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    operator: Mapped[str] = mapped_column(Text)
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    given_by: Mapped[UUID | None] = mapped_column(Uuid)
    method: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[date | None] = mapped_column(Date)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class FieldGround(Recorded, Base):
    """A ground other than consent on which an organization keeps one field, by which document, [valid_from, valid_to)."""

    belongs_to = ("subject_id",)

    __tablename__ = "field_ground"
    __table_args__ = (
        Index("ix_field_ground_subject_id", "subject_id"),
        CheckConstraint(_SUBJECTS, name="subject_kind"),
        CheckConstraint("valid_to >= valid_from", name="interval"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    field: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class FieldBlock(Recorded, Base):
    """Fields that nobody may use.

    While a request of the subject's is looked into (152-ФЗ, article 21, part 1), or (by a destruction act) because their term is
    over and another ground keeps them from destruction; a consent given later opens those.
    """

    belongs_to = ("subject_id",)

    __tablename__ = "field_block"
    __table_args__ = (
        UniqueConstraint("request_id"),
        Index("ix_field_block_subject_id", "subject_id", postgresql_where=text("lifted_on IS NULL")),
        CheckConstraint(_SUBJECTS, name="subject_kind"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        CheckConstraint("(request_id IS NULL) <> (act_id IS NULL)", name="cause"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    request_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("subject_request.id"))
    act_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("destruction_act.id"))
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lifted_on: Mapped[date | None] = mapped_column(Date)


class LegalHold(Recorded, Base):
    """Nothing of the subject's is erased while it stands: a court, an inquiry, a complaint."""

    belongs_to = ("subject_id",)

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index("ix_legal_hold_subject_id", "subject_id"),
        CheckConstraint(_SUBJECTS, name="subject_kind"),
        CheckConstraint("lifted_on >= placed_on", name="interval"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    document: Mapped[str] = mapped_column(Text)
    placed_on: Mapped[date] = mapped_column(Date)
    lifted_on: Mapped[date | None] = mapped_column(Date)


class Erasure(Base):
    """Fields that lost their last ground: erased when due, but for those that have found another by then (``erased`` says which)."""

    __tablename__ = "erasure"
    __table_args__ = (
        UniqueConstraint("consent_id"),
        Index("ix_erasure_due_on", "due_on", postgresql_where=text("done_at IS NULL")),
        Index("ix_erasure_organization_id", "organization_id", "id"),
        Index("ix_erasure_subject_id", "subject_id"),
        CheckConstraint(_SUBJECTS, name="subject_kind"),
        CheckConstraint("cause IN ('withdrawal', 'expiry', 'request', 'retention')", name="cause"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        CheckConstraint("(done_at IS NULL) = (erased IS NULL) AND erased <@ fields", name="done"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    cause: Mapped[str] = mapped_column(Text)
    consent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("consent.id"))
    scheduled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
