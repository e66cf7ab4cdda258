"""Requests of data subjects to the operator of their data (152-ФЗ, articles 14, 20, 21)."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Date, ForeignKey, Index, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class SubjectRequest(Recorded, Base):
    """What a person, or the guardian, asks an organization to do with the person's data, and the answer.

    ``asked_by`` is the guardian who asks for a child. ``text``, ``extension`` and ``answer`` are ciphertext: people write
    anything there. ``extension`` says why the term was made longer.
    """

    belongs_to = ("subject_id",)

    __tablename__ = "subject_request"
    __table_args__ = (
        Index("ix_subject_request_open", "organization_id", "due_on", "id", postgresql_where=sql("decision IS NULL")),
        Index("ix_subject_request_organization_id", "organization_id", "id"),
        Index("ix_subject_request_subject_id", "subject_id"),
        CheckConstraint("subject_kind IN ('student', 'guardian', 'worker')", name="subject_kind"),
        CheckConstraint("kind IN ('access', 'correction', 'blocking', 'erasure', 'cessation')", name="kind"),
        CheckConstraint("decision IN ('granted', 'refused')", name="decision"),
        CheckConstraint(
            "(decision IS NULL) = (answered_on IS NULL) AND (decision IS NULL) = (answer IS NULL)", name="answered"
        ),
        CheckConstraint("answered_on >= received_on AND due_on > received_on", name="order"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID | None] = mapped_column(Uuid)
    on_paper: Mapped[bool] = mapped_column(Boolean)
    received_on: Mapped[date] = mapped_column(Date)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    extension: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_on: Mapped[date | None] = mapped_column(Date)
