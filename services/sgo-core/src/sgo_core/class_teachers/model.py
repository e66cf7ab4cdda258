"""Who leads a class or a group."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, Integer, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class GroupTeacher(Recorded, Base):
    """A worker leads a group over [valid_from, valid_to): the one class teacher, an educator of preschoolers, a club's leader.

    It ends with the employment (a trigger sees to it). ``told_version``: the version that others know.
    """

    belongs_to = ("worker_id", "group_id")
    quiet = ("told_version",)

    __tablename__ = "group_teacher"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_group_teacher_group",
        ),
        CheckConstraint("role IN ('class_teacher', 'educator', 'leader')", name="role"),
        CheckConstraint("valid_to >= valid_from", name="interval"),
        ExcludeConstraint(
            ("group_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            where=text("role = 'class_teacher'"),
            name="ex_group_teacher_class",
        ),
        ExcludeConstraint(
            ("group_id", "="),
            ("worker_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_group_teacher_worker",
        ),
        Index("ix_group_teacher_worker_id", "worker_id", "group_id"),
        Index("ix_group_teacher_organization_id", "organization_id", "id"),
        Index("ix_group_teacher_untold", "id", postgresql_where=text("told_version < version")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    group_id: Mapped[UUID] = mapped_column(Uuid)
    worker_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("worker.id"))
    role: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    told_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
