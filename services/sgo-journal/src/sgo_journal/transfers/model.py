"""Marks that a student brought from another school, as copies: the journals they come from are not touched."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to


class Kind(StrEnum):
    """What a brought mark is of."""

    WORK = "work"
    PERIOD = "period"


class BroughtStatement(PerYear, Base):
    """What a student who arrived in mid-year brought to an organization.

    Within the region it follows a transfer, whose id it has: ``from_organization_id`` is where the marks are copied from,
    ``acceptance_id`` the movement that accepted the student, the newest if there were several. ``arrived_on``: marks of days before
    it are brought. ``recorded_as``: as of a mark. Which statements count is told by the views ``arrived_statement`` and ``brought``.

    From elsewhere it is entered from paper: ``source_name`` is the school as the paper has it, with the paper's number and date;
    ``version`` goes up with every edit, ``changed_by`` and ``changed_at`` are of the last one.
    """

    __tablename__ = "brought_statement"
    __table_args__ = (
        CheckConstraint("num_nulls(from_organization_id, acceptance_id) IN (0, 2)", name="transfer"),
        CheckConstraint(
            "num_nonnulls(source_name, document_date, version, changed_by, changed_at)"
            " = CASE WHEN from_organization_id IS NULL THEN 5 ELSE 0 END"
            " AND (from_organization_id IS NULL OR document_number IS NULL)",
            name="paper",
        ),
        Index("ix_brought_statement_student_id", "student_id"),
        Index("ix_brought_statement_recorded_as", "recorded_as", postgresql_where=text("recorded_as IS NOT NULL")),
        Index("ix_brought_statement_arrived_on", "arrived_on"),
        PARTITIONED,
    )

    student_id: Mapped[UUID]
    recorded_as: Mapped[UUID | None]
    arrived_on: Mapped[dt.date]
    from_organization_id: Mapped[UUID | None]
    acceptance_id: Mapped[UUID | None]
    source_name: Mapped[str | None]
    document_number: Mapped[str | None]
    document_date: Mapped[dt.date | None]
    version: Mapped[int | None]
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[dt.datetime | None]


class BroughtSubject(PerYear, Base):
    """A subject of a statement as the other school calls it; ``source_id`` is its course there, of a paper one made of its title.

    It counts where it ``stands_for`` the same subject of the region, or in the course (``course_id``, as of a total) that somebody
    here has said it is; ``version`` goes up when that is said or taken back.
    """

    __tablename__ = "brought_subject"
    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "academic_year", "statement_id", "source_id"), name="uq_brought_subject_source"
        ),
        belongs_to("brought_subject", "brought_statement", "statement_id"),
        PARTITIONED,
    )

    statement_id: Mapped[UUID]
    source_id: Mapped[UUID]
    title: Mapped[str]
    stands_for: Mapped[UUID | None]
    course_id: Mapped[UUID | None]
    version: Mapped[int]


class BroughtMark(PerYear, Base):
    """A mark that was brought: of a work on a day, or (``period``) of a period over its days.

    ``source_id`` is the mark where it was set; it travels on with the student, so that no mark counts twice, wherever the student
    goes and returns. One that is not ``dated`` on the paper stands at the day before the arrival.
    """

    __tablename__ = "brought_mark"
    __table_args__ = (
        UniqueConstraint(
            *("organization_id", "academic_year", "subject_id", "source_id"), name="uq_brought_mark_source"
        ),
        ForeignKeyConstraint(
            ["scale_id", "value"], ["scale_value.scale_id", "scale_value.code"], name="fk_brought_mark_value"
        ),
        belongs_to("brought_mark", "brought_subject", "subject_id"),
        CheckConstraint("kind IN ('work', 'period')", name="kind"),
        CheckConstraint("first_day <= last_day AND (kind = 'period' OR first_day = last_day)", name="days"),
        CheckConstraint("dated OR kind = 'work'", name="dated"),
        Index("ix_brought_mark_value", "scale_id", "value"),
        PARTITIONED,
    )

    subject_id: Mapped[UUID]
    source_id: Mapped[UUID]
    kind: Mapped[str]
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    title: Mapped[str]
    weight: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    scale_id: Mapped[int]
    value: Mapped[str | None]
    dated: Mapped[bool] = mapped_column(server_default=text("true"))


class BroughtChange(PerYear, Base):
    """What became of a statement from paper, also of one that was removed, or of whose course a subject is. Append-only.

    ``contents``: of ``entered``, ``changed`` and ``removed`` the statement as it stood then; of ``assigned`` the subject and the course,
    none if it was taken back.
    """

    __tablename__ = "brought_change"
    __table_args__ = (
        CheckConstraint("action IN ('entered', 'changed', 'removed', 'assigned')", name="action"),
        Index("ix_brought_change_student_id", "organization_id", "academic_year", "student_id", "id"),
        PARTITIONED,
    )

    statement_id: Mapped[UUID]
    student_id: Mapped[UUID]
    action: Mapped[str]
    contents: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_by: Mapped[UUID]
    changed_at: Mapped[dt.datetime]
