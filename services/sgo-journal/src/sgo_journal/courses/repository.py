"""All SQL of the courses."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from servicekit.projections import write
from sgo_journal import versions
from sgo_journal.courses.model import Course, CourseEdition, CourseJournal, CourseProgress

_OF_STUDENT = text("""
    SELECT DISTINCT ON (c.id) c.organization_id, c.academic_year, c.id, coalesce(s.title, '') AS subject, e.title, e.description,
           e.number AS edition, e.published_at, e.item_ids,
           (SELECT coalesce(array_agg(DISTINCT p.item_id), '{}') FROM course_progress AS p
             WHERE p.organization_id = c.organization_id AND p.academic_year = c.academic_year AND p.course_id = c.id
               AND p.student_id = ANY (cards_of(:student)) AND p.item_id = ANY (e.item_ids)) AS done_ids
      FROM roster_stay AS r
      JOIN journal AS j ON j.organization_id = r.organization_id AND j.academic_year = r.academic_year AND j.learners_id = r.learners_id
      JOIN course_journal AS b ON (b.organization_id, b.academic_year, b.journal_id) = (j.organization_id, j.academic_year, j.id)
      JOIN course AS c ON (c.organization_id, c.academic_year, c.id) = (b.organization_id, b.academic_year, b.course_id)
      JOIN course_edition AS e ON (e.organization_id, e.academic_year, e.course_id, e.number)
                                = (c.organization_id, c.academic_year, c.id, c.edition)
      LEFT JOIN subject AS s ON s.id = c.subject_id
     WHERE r.student_id = :student AND r.valid_from <= :today AND (r.valid_to IS NULL OR r.valid_to > :today)
       AND c.archived_at IS NULL
       AND (CAST(:course AS uuid) IS NULL OR c.id = :course) AND (CAST(:after AS uuid) IS NULL OR c.id > :after)
     ORDER BY c.id LIMIT :limit
""")
_DONE = text("""
    SELECT s.id AS student_id, array_agg(DISTINCT p.item_id) AS item_ids
      FROM unnest(CAST(:students AS uuid[])) AS s (id)
      JOIN course_progress AS p ON p.organization_id = :organization_id AND p.academic_year = :academic_year AND p.course_id = :course_id
       AND p.student_id = ANY (cards_of(s.id)) AND p.item_id = ANY (:item_ids)
     GROUP BY s.id
""")
_UNDO = text("""
    DELETE FROM course_progress
     WHERE organization_id = :organization_id AND academic_year = :academic_year AND course_id = :course_id
       AND student_id = ANY (cards_of(:student_id)) AND item_id = :item_id
""")


@dataclass(frozen=True, slots=True)
class Studied:
    """The edition of a course that a student sees, and which of its items are done."""

    organization_id: UUID
    academic_year: int
    id: UUID
    subject: str
    title: str
    description: str | None
    edition: int
    published_at: dt.datetime
    item_ids: Sequence[UUID]
    done_ids: Sequence[UUID]

    @property
    def key(self) -> dict[str, Any]:
        """What rows of the course are found by."""
        return {"organization_id": self.organization_id, "academic_year": self.academic_year, "course_id": self.id}


def key_of(course: Course) -> dict[str, Any]:
    """What rows of a course are found by."""
    return {"organization_id": course.organization_id, "academic_year": course.academic_year, "course_id": course.id}


async def one(session: AsyncSession, visible: ColumnElement[bool], course_id: UUID) -> Course | None:
    """A course the caller sees."""
    return await session.scalar(select(Course).where(visible, Course.id == course_id))


async def page(
    session: AsyncSession, visible: ColumnElement[bool], filters: Mapping[str, Any], after: UUID | None, limit: int
) -> Sequence[Course]:
    """Courses in id order without their contents, one more than ``limit``; ``filters`` by column."""
    query = select(Course).options(defer(Course.contents, raiseload=True))
    query = query.where(visible, *(getattr(Course, name) == value for name, value in filters.items()))
    if after is not None:
        query = query.where(Course.id > after)
    return (await session.scalars(query.order_by(Course.id).limit(limit + 1))).all()


async def change(session: AsyncSession, course: Course, version: int, values: Mapping[str, Any]) -> bool:
    """Change a course if its version is still that, and hold its row; false if it is another."""
    return await versions.change(session, course, version, values)


async def edition(session: AsyncSession, key: Mapping[str, Any], number: int) -> CourseEdition | None:
    """What was published of a course under a number."""
    query = select(CourseEdition).where(*_where(CourseEdition, key), CourseEdition.number == number)
    return await session.scalar(query)


async def published(session: AsyncSession, courses: Sequence[Course]) -> dict[UUID, tuple[str, str | None]]:
    """What courses of one organization are called, title and description, as they were published; those that never were are absent."""
    if not courses:
        return {}
    of_course = (
        (CourseEdition.organization_id == Course.organization_id)
        & (CourseEdition.academic_year == Course.academic_year)
        & (CourseEdition.course_id == Course.id)
        & (CourseEdition.number == Course.edition)
    )
    query = (
        select(Course.id, CourseEdition.title, CourseEdition.description)
        .join(CourseEdition, of_course)
        .where(Course.organization_id == courses[0].organization_id, Course.id.in_([one.id for one in courses]))
    )
    return {row.id: (row.title, row.description) for row in await session.execute(query)}


async def journals_of(session: AsyncSession, course: Course) -> list[UUID]:
    """Journals whose students see a course."""
    query = select(CourseJournal.journal_id).where(*_where(CourseJournal, key_of(course)))
    return list(await session.scalars(query.order_by(CourseJournal.journal_id)))


async def bind(
    session: AsyncSession, course: Course, rows: Sequence[Mapping[str, Any]], gone: Collection[UUID]
) -> None:
    """Let journals see a course, and others see it no more."""
    await write(session, insert(CourseJournal).on_conflict_do_nothing(), [{**key_of(course), **row} for row in rows])
    statement = delete(CourseJournal).where(*_where(CourseJournal, key_of(course)), CourseJournal.journal_id.in_(gone))
    await session.execute(statement.execution_options(synchronize_session=False))


async def of_student(
    session: AsyncSession, student_id: UUID, today: dt.date, course_id: UUID | None, after: UUID | None, limit: int
) -> list[Studied]:
    """Published courses of the journals where a student is today, or one of them; one more than ``limit``."""
    asked = {"student": student_id, "today": today, "course": course_id, "after": after, "limit": limit + 1}
    return [Studied(*row) for row in await session.execute(_OF_STUDENT, asked)]


async def done(
    session: AsyncSession, key: Mapping[str, Any], student_ids: Sequence[UUID], item_ids: Sequence[UUID]
) -> Mapping[UUID, list[UUID]]:
    """Which of the items students have done; who has done none is absent."""
    rows = await session.execute(_DONE, {**key, "students": list(student_ids), "item_ids": list(item_ids)})
    return {row.student_id: row.item_ids for row in rows}


async def set_done(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Note that a student has done an item; the first time counts."""
    await session.execute(insert(CourseProgress).values(row).on_conflict_do_nothing())


async def set_undone(session: AsyncSession, key: Mapping[str, Any], student_id: UUID, item_id: UUID) -> None:
    """Note that a student has not done an item after all."""
    await session.execute(_UNDO, {**key, "student_id": student_id, "item_id": item_id})


def _where(table: Any, key: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [getattr(table, name) == value for name, value in key.items()]
