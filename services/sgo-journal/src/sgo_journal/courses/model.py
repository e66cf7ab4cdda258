"""Courses: what their authors write, what was published of it, who sees it, what students have done."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Course(PerYear, Base):
    """Materials of a subject as their author has them (``contents``, as ``contents.CourseSection`` has them).

    Families see the ``edition`` last published, 0 while there is none, unless the course is archived. ``shared``: the whole
    organization sees it and may copy it.
    """

    __tablename__ = "course"
    __table_args__ = (
        Index("ix_course_id", "id"),
        CheckConstraint("grade BETWEEN 0 AND 12", name="grade"),
        CheckConstraint("edition >= 0", name="edition"),
        PARTITIONED,
    )

    subject_id: Mapped[UUID | None]
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    title: Mapped[str]
    description: Mapped[str | None]
    author_id: Mapped[UUID]
    shared: Mapped[bool]
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    edition: Mapped[int]
    archived_at: Mapped[dt.datetime | None]
    version: Mapped[int]
    created_at: Mapped[dt.datetime]

    @property
    def state(self) -> Literal["draft", "published", "archived"]:
        """Whether families see it."""
        if self.archived_at is not None:
            return "archived"
        return "published" if self.edition else "draft"


class CourseEdition(PerYear, Base):
    """A course as it was published: it stays so. ``item_ids`` are those of its contents. Append-only."""

    __tablename__ = "course_edition"
    __table_args__ = (
        UniqueConstraint("organization_id", "academic_year", "course_id", "number", name="uq_course_edition_number"),
        belongs_to("course_edition", "course"),
        CheckConstraint("number >= 1 AND cardinality(item_ids) >= 1", name="number"),
        PARTITIONED,
    )

    course_id: Mapped[UUID]
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str | None]
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    item_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    published_by: Mapped[UUID]
    published_at: Mapped[dt.datetime]


class CourseJournal(PerYear, Base):
    """A journal whose students see the course."""

    __tablename__ = "course_journal"
    __table_args__ = (
        UniqueConstraint(
            "organization_id", "academic_year", "course_id", "journal_id", name="uq_course_journal_journal_id"
        ),
        Index("ix_course_journal_journal_id", "organization_id", "academic_year", "journal_id"),
        belongs_to("course_journal", "course"),
        belongs_to("course_journal", "journal"),
        PARTITIONED,
    )

    course_id: Mapped[UUID]
    journal_id: Mapped[UUID]


class CourseProgress(PerYear, Base):
    """An item of a course that a student has read or done; ``student_id`` is the card it was noted under."""

    __tablename__ = "course_progress"
    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "academic_year", "course_id", "student_id", "item_id"),
            name="uq_course_progress_item_id",
        ),
        belongs_to("course_progress", "course"),
        PARTITIONED,
    )

    course_id: Mapped[UUID]
    student_id: Mapped[UUID]
    item_id: Mapped[UUID]
    done_at: Mapped[dt.datetime]
