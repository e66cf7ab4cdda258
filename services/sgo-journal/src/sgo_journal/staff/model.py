"""Who teaches where and who leads which group: the journal's copy of core's workers."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Uuid, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import Base


class Worker(Base):
    """The name of a worker, kept after the last post has ended, and the organizations of the teaching posts held today."""

    __tablename__ = "worker"
    __table_args__ = (Index("ix_worker_teaches_in", "teaches_in", postgresql_using="gin"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    teaches_in: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    sequence: Mapped[str]


class GroupTeacher(Base):
    """A worker leads a class or group as ``role`` over [valid_from, valid_to); an empty interval never was."""

    __tablename__ = "group_teacher"
    __table_args__ = (
        Index("ix_group_teacher_worker_id", "worker_id", "group_id"),
        Index("ix_group_teacher_group_id", "group_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    group_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    role: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    sequence: Mapped[str]

    @classmethod
    def active_on(cls, day: date) -> ColumnElement[bool]:
        """Whether the worker leads the group on the date."""
        return (cls.valid_from <= day) & or_(cls.valid_to.is_(None), cls.valid_to > day)
