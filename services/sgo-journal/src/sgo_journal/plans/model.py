"""Thematic plans (КТП): of an organization, a year, a grade and a subject, by an author; a journal follows one."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Plan(PerYear, Base):
    """A variant of a plan: teachers of a parallel may share one or keep each their own.

    ``subject_id`` is none for a club or the extended day. ``textbooks``: titles, each with a link or none. An approved plan that is
    changed is a draft again: what was approved is what stands there. ``removed_version``: the highest version that a plan of a lesson of
    it was taken away at; a new one begins above it, so that nobody writes over it by a version of before.
    """

    __tablename__ = "plan"
    __table_args__ = (
        Index("ix_plan_id", "id"),
        CheckConstraint("grade BETWEEN 0 AND 12", name="grade"),
        CheckConstraint("state IN ('draft', 'approved')", name="state"),
        CheckConstraint(
            "(state = 'approved') = (approved_by IS NOT NULL) AND (approved_by IS NULL) = (approved_at IS NULL)",
            name="approved",
        ),
        PARTITIONED,
    )

    grade: Mapped[int | None] = mapped_column(SmallInteger)
    subject_id: Mapped[UUID | None]
    title: Mapped[str]
    author_id: Mapped[UUID]
    textbooks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[dt.datetime | None]
    version: Mapped[int]
    created_at: Mapped[dt.datetime]
    removed_version: Mapped[int]


class PlanSection(PerYear, Base):
    """Topics that belong together; without a title where the plan has no sections."""

    __tablename__ = "plan_section"
    __table_args__ = (
        Index("ix_plan_section_plan_id", "organization_id", "academic_year", "plan_id"),
        belongs_to("plan_section", "plan"),
        PARTITIONED,
    )

    plan_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str | None]


class PlanTopic(PerYear, Base):
    """A topic with its hours (lessons); ``number`` is its place in the plan, ``planned_on`` the day its first hour is meant for.

    A topic that a lesson is recorded with cannot go.
    """

    __tablename__ = "plan_topic"
    __table_args__ = (
        Index("ix_plan_topic_plan_id", "organization_id", "academic_year", "plan_id"),
        Index("ix_plan_topic_section_id", "organization_id", "academic_year", "section_id"),
        belongs_to("plan_topic", "plan"),
        belongs_to("plan_topic", "plan_section", "section_id"),
        CheckConstraint("hours BETWEEN 1 AND 200", name="hours"),
        PARTITIONED,
    )

    plan_id: Mapped[UUID]
    section_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    hours: Mapped[int] = mapped_column(SmallInteger)
    planned_on: Mapped[dt.date | None]
    homework: Mapped[str | None]
    note: Mapped[str | None]


class JournalPlan(PerYear, Base):
    """The plan that a journal follows; ``id`` is the journal's. Without ``plan_id`` it followed one once."""

    __tablename__ = "journal_plan"
    __table_args__ = (
        Index("ix_journal_plan_plan_id", "organization_id", "academic_year", "plan_id"),
        belongs_to("journal_plan", "journal", "id"),
        belongs_to("journal_plan", "plan"),
        PARTITIONED,
    )

    plan_id: Mapped[UUID | None]
    version: Mapped[int]


class LessonPlan(PerYear, Base):
    """How the lesson that gives hour ``number`` of a topic is to be given (поурочный план).

    ``stages``: ``{title, minutes, text}`` in order; ``pages`` of the textbook.
    """

    __tablename__ = "lesson_plan"
    __table_args__ = (
        UniqueConstraint("organization_id", "academic_year", "topic_id", "number", name="uq_lesson_plan_number"),
        Index("ix_lesson_plan_plan_id", "organization_id", "academic_year", "plan_id", "id"),
        belongs_to("lesson_plan", "plan"),
        belongs_to("lesson_plan", "plan_topic", "topic_id"),
        CheckConstraint("number BETWEEN 1 AND 200", name="number"),
        PARTITIONED,
    )

    plan_id: Mapped[UUID]
    topic_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    goals: Mapped[str]
    equipment: Mapped[str | None]
    pages: Mapped[str | None]
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    version: Mapped[int]
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
