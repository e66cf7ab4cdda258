"""Reading of cells and of their history; how they are written stands in ``saving``."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.lessons.service import Lesson
from sgo_journal.marks.model import Attendance, AttendanceCode, Mark, RecordChange
from sgo_journal.merging import move

_OF_LESSONS = text("""
SELECT m.lesson_id, m.student_id, m.work, m.value, m.comment, m.version, m.scale_id, m.due_on
  FROM mark AS m
 WHERE m.organization_id = :organization AND m.academic_year = :year AND m.lesson_id = ANY (:lessons)
 UNION ALL
SELECT a.lesson_id, a.student_id, 0, a.code, NULL, a.version, NULL, NULL
  FROM attendance AS a
 WHERE a.organization_id = :organization AND a.academic_year = :year AND a.lesson_id = ANY (:lessons)
""")

_CORRECTIONS = text("""
SELECT l.date, c.id, c.kind, c.student_id, c.old_scale_id, c.new_scale_id, c.old_value, c.new_value, c.old_due_on,
       c.new_due_on, c.changed_by, c.changed_at, c.reason
  FROM lesson AS l
  JOIN record_change AS c ON (c.organization_id, c.academic_year, c.lesson_id) = (l.organization_id, l.academic_year, l.id)
       AND c.version > 1
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.journal_id = :journal
 UNION ALL
SELECT NULL, c.id, c.kind, c.student_id, c.old_scale_id, c.new_scale_id, c.old_value, c.new_value, c.old_due_on,
       c.new_due_on, c.changed_by, c.changed_at, c.reason
  FROM record_change AS c
 WHERE c.organization_id = :organization AND c.academic_year = :year AND c.journal_id = :journal AND c.version > 1
 ORDER BY 2
""")


async def attendance_codes(session: AsyncSession) -> Sequence[AttendanceCode]:
    """Codes of attendance."""
    return (await session.scalars(select(AttendanceCode).order_by(AttendanceCode.position))).all()


async def of_lessons(
    session: AsyncSession, organization_id: UUID, academic_year: int, lesson_ids: Sequence[UUID]
) -> Sequence[Any]:
    """Cells of lessons: lesson, student, work (0: attendance), value, comment, version, scale, due day; emptied ones too."""
    given = {"organization": organization_id, "year": academic_year, "lessons": lesson_ids}
    return (await session.execute(_OF_LESSONS, given)).all()


async def history(session: AsyncSession, lesson: Lesson, after: UUID | None, limit: int) -> Sequence[RecordChange]:
    """Changes of a lesson's cells in the order they were made, one more than ``limit``."""
    query = select(RecordChange).where(
        RecordChange.organization_id == lesson.organization_id,
        RecordChange.academic_year == lesson.academic_year,
        RecordChange.lesson_id == lesson.id,
    )
    if after is not None:
        query = query.where(RecordChange.id > after)
    return (await session.scalars(query.order_by(RecordChange.id).limit(limit + 1))).all()


async def corrections(
    session: AsyncSession, organization_id: UUID, academic_year: int, journal_id: UUID
) -> Sequence[Any]:
    """What was changed in a journal after it was first written, cells and totals, in the order it was done."""
    given = {"organization": organization_id, "year": academic_year, "journal": journal_id}
    return (await session.execute(_CORRECTIONS, given)).all()


async def move_cells(session: AsyncSession, student_id: UUID, merged_into: UUID | None) -> None:
    """Let cells noted under a card's id be those of the child it was merged into, or the card's own again.

    A cell stays where it is if the child has one of its own there.
    """
    cell = ("organization_id", "academic_year", "lesson_id")
    await move(session, Mark, student_id, merged_into, (*cell, "work"))
    await move(session, Attendance, student_id, merged_into, cell)
