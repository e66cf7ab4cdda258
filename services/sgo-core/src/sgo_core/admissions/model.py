"""Admissions that could not be carried out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class AdmissionRejection(Base):
    """A refusal, never altered. One an admission."""

    __tablename__ = "admission_rejection"
    __table_args__ = (
        Index("uq_admission_rejection_admission_id", "admission_id", unique=True),
        CheckConstraint(
            "reason IN ('group_not_found', 'group_full', 'already_member', 'not_released', 'organization_closed', 'year_closed', "
            "'unreadable', 'child_differs', 'guardian_differs', 'revoked')",
            name="reason",
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    admission_id: Mapped[UUID] = mapped_column(Uuid)
    application_id: Mapped[UUID] = mapped_column(Uuid)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text)
    rejected_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
