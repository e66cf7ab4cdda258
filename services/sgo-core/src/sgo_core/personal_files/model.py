"""Papers of students' personal files."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Paper(Recorded, Base):
    """A paper of a student's personal file, held by an organization until it is handed over.

    ``attachment_id`` is its scan; ``void``: entered by mistake.
    """

    belongs_to = ("student_id",)

    __tablename__ = "personal_file_paper"
    __table_args__ = (
        Index("ix_personal_file_paper_student_id", "student_id", "id"),
        CheckConstraint(
            "kind IN ('application', 'identity', 'birth_certificate', 'registration', 'contract', 'consent', 'medical', "
            "'commission', 'study', 'award', 'order', 'other')",
            name="kind",
        ),
        CheckConstraint("sheets BETWEEN 1 AND 1000", name="sheets"),
        CheckConstraint(
            "(handed_over_on IS NULL) = (handed_to IS NULL) AND handed_over_on >= received_on", name="handed"
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    sheets: Mapped[int] = mapped_column(Integer)
    received_on: Mapped[date] = mapped_column(Date)
    handed_over_on: Mapped[date | None] = mapped_column(Date)
    handed_to: Mapped[str | None] = mapped_column(Text)
    attachment_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("attachment.id"))
    void: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
