"""Projects and topics with their supervisors and authors (App.1 2.2 «портфолио проектов/тем»)."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.cards.owning import Owned
from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Project(Recorded, Base):
    """A project or a topic that an organization runs in an academic year."""

    belongs_to = ("id", "organization_id")

    __tablename__ = "project"
    __table_args__ = (
        Index("ix_project_organization_id", "organization_id", "id"),
        CheckConstraint("kind IN ('project', 'research', 'creative', 'social', 'topic')", name="kind"),
        CheckConstraint("state IN ('planned', 'running', 'defended', 'dropped')", name="state"),
        CheckConstraint("(state = 'defended') = (defended_on IS NOT NULL)", name="defended"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    annotation: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    defended_on: Mapped[date | None] = mapped_column(Date)
    result: Mapped[str | None] = mapped_column(Text)


class ProjectMember(Owned, Recorded, Base):
    """Who supervises a project or is an author of it; put out of use when no longer."""

    owners = ("student", "worker")
    belongs_to = ("project_id", "student_id", "worker_id")

    __tablename__ = "project_member"
    __table_args__ = (
        UniqueConstraint("project_id", "role", "student_id", name="uq_project_member_student"),
        UniqueConstraint("project_id", "role", "worker_id", name="uq_project_member_worker"),
        Index("ix_project_member_student_id", "student_id", "project_id"),
        Index("ix_project_member_worker_id", "worker_id", "project_id"),
        CheckConstraint("role IN ('supervisor', 'author')", name="role"),
        CheckConstraint("num_nonnulls(student_id, worker_id) = 1", name="owner"),
        CheckConstraint("role = 'author' OR worker_id IS NOT NULL", name="supervisor"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    project_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("project.id"))
    role: Mapped[str] = mapped_column(Text)
    student_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("student.id"))
    worker_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("worker.id"))
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
