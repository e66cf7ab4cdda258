"""All SQL of the lessons."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal import versions
from sgo_journal.lessons.counted import Counted
from sgo_journal.lessons.model import Lesson, LessonWork
from sgo_journal.lessons.places import Place


@dataclass(frozen=True, slots=True)
class MayWrite:
    """What stands against a teacher's writing in a lesson."""

    gives: bool
    open: bool


_CLOSED = text("SELECT day_is_closed(:organization_id, :academic_year, :journal_id, :learners_id, :date)")
_CLOSED_DAYS = text("""
    SELECT d.journal_id, d.learners_id, d.day
      FROM unnest(CAST(:journals AS uuid[]), CAST(:learners AS uuid[]), CAST(:dates AS date[])) AS d (journal_id, learners_id, day)
     WHERE d.day <= (SELECT max(last_day) FROM period_closing WHERE organization_id = :organization_id AND academic_year = :academic_year)
       AND day_is_closed(:organization_id, :academic_year, d.journal_id, d.learners_id, d.day)
""")
Day = tuple[UUID, UUID, dt.date]
"""A day of a journal and its learners."""
_MAY_WRITE = text("""
    SELECT gives_lesson(:organization_id, :academic_year, :journal_id, :teacher_id, :date, :person, :today),
           day_is_writable(:organization_id, :date, :today)
""")
_SUBJECTS = text("""
    SELECT l.id, coalesce(j.title, s.title) AS subject FROM lesson AS l
      JOIN journal AS j ON (j.organization_id, j.academic_year, j.id) = (l.organization_id, l.academic_year, l.journal_id)
      LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE l.id = ANY (:ids)
""")

COUNT = text("""
UPDATE lesson AS l
   SET told_version = l.told_version + 1, recorded_at = coalesce(:now, l.recorded_at),
       learners = (
           SELECT count(DISTINCT r.student_id) FROM roster_stay AS r
            WHERE r.organization_id = l.organization_id AND r.academic_year = l.academic_year AND r.learners_id = l.learners_id
              AND r.valid_from <= l.date AND (r.valid_to IS NULL OR r.valid_to > l.date)),
       absent = (
           SELECT count(*) FROM attendance AS a JOIN attendance_code AS c ON c.code = a.code AND c.absent
            WHERE a.organization_id = l.organization_id AND a.academic_year = l.academic_year AND a.lesson_id = l.id
              AND EXISTS (
                  SELECT FROM roster_stay AS r
                   WHERE r.organization_id = l.organization_id AND r.academic_year = l.academic_year
                     AND r.learners_id = l.learners_id AND r.student_id = a.student_id AND r.valid_from <= l.date
                     AND (r.valid_to IS NULL OR r.valid_to > l.date))),
       marks = (
           SELECT count(*) FROM mark AS m
            WHERE m.organization_id = l.organization_id AND m.academic_year = l.academic_year AND m.lesson_id = l.id
              AND m.value IS NOT NULL)
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.id = ANY (:lessons)
RETURNING l.id, l.learners_id, l.date, l.told_version, l.learners, l.absent, l.marks, l.attendance_checked
""")
"""What stands at lessons, counted anew: of the students who were there that day."""


@dataclass(frozen=True, slots=True)
class LessonAbout:
    """What a lesson of a journal is about; ``recorded``: something was written of it."""

    journal_id: UUID
    id: UUID
    date: dt.date
    number: int
    cancelled: bool
    recorded: bool
    topic: str | None
    topic_id: UUID | None


async def add(session: AsyncSession, lessons: Sequence[dict[str, Any]]) -> bool:
    """Insert lessons; false, with none of them inserted for good, if an hour is taken."""
    created = await session.execute(insert(Lesson).values(list(lessons)).on_conflict_do_nothing().returning(Lesson.id))
    return len(created.all()) == len(lessons)


async def one(session: AsyncSession, visible: ColumnElement[bool], lesson_id: UUID) -> Lesson | None:
    """A lesson the caller sees."""
    return await session.scalar(select(Lesson).where(visible, Lesson.id == lesson_id))


async def known(session: AsyncSession, organization_id: UUID, academic_year: int, lesson_id: UUID) -> Lesson:
    """A lesson that something stands for."""
    query = select(Lesson).where(
        Lesson.organization_id == organization_id, Lesson.academic_year == academic_year, Lesson.id == lesson_id
    )
    return (await session.scalars(query)).one()


async def page(
    session: AsyncSession,
    visible: ColumnElement[bool],
    filters: Mapping[str, Any],
    since: dt.date,
    until: dt.date,
    after: Place | None,
    limit: int,
) -> Sequence[Lesson]:
    """Lessons within [since, until] by date and hour, one more than ``limit``; ``filters`` by column."""
    place = (Lesson.date, Lesson.number, Lesson.id)
    wanted = [getattr(Lesson, name) == value for name, value in filters.items()]
    query = select(Lesson).where(visible, *wanted, Lesson.date.between(since, until))
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*after))
    return (await session.scalars(query.order_by(*place).limit(limit + 1))).all()


async def days_given(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int,
    journal_id: UUID,
    teacher_id: UUID | None,
    since: dt.date,
    until: dt.date,
) -> Sequence[dt.date]:
    """Days within [since, until] on which a teacher gives a lesson of a journal, in their order."""
    query = select(Lesson.date).where(
        Lesson.organization_id == organization_id,
        Lesson.academic_year == academic_year,
        Lesson.journal_id == journal_id,
        Lesson.teacher_id == teacher_id,
        Lesson.date.between(since, until),
    )
    return (await session.scalars(query.distinct().order_by(Lesson.date))).all()


async def of_journal(
    session: AsyncSession,
    key: Mapping[str, Any],
    since: dt.date,
    until: dt.date,
    after: Place | None,
    limit: int,
) -> list[tuple[Lesson, list[dict[str, Any]]]]:
    """Lessons of a journal within [since, until] by date and hour with their works, one more than ``limit``."""
    works = (
        select(
            func.json_agg(
                func.json_build_object(
                    *("number", LessonWork.number, "kind", LessonWork.kind),
                    *("title", LessonWork.title, "weight", LessonWork.weight),
                )
            )
        )
        .where(_of(LessonWork))
        .scalar_subquery()
    )
    query = select(Lesson, works).where(
        *(getattr(Lesson, name) == value for name, value in key.items()), Lesson.date.between(since, until)
    )
    if after is not None:
        query = query.where(tuple_(Lesson.date, Lesson.number, Lesson.id) > tuple_(*after))
    rows = await session.execute(query.order_by(Lesson.date, Lesson.number, Lesson.id).limit(limit + 1))
    return [(row[0], sorted(row[1] or [], key=lambda work: work["number"])) for row in rows]


async def about(
    session: AsyncSession, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID]
) -> list[LessonAbout]:
    """What all lessons of journals are about, in their order."""
    query = select(
        *(Lesson.journal_id, Lesson.id, Lesson.date, Lesson.number),
        *(Lesson.state == "cancelled", Lesson.recorded_at.is_not(None), Lesson.topic, Lesson.topic_id),
    ).where(
        Lesson.organization_id == organization_id,
        Lesson.academic_year == academic_year,
        Lesson.journal_id.in_(journal_ids),
    )
    rows = await session.execute(query.order_by(Lesson.journal_id, Lesson.date, Lesson.number, Lesson.id))
    return [LessonAbout(*row) for row in rows]


async def change(session: AsyncSession, lesson: Lesson, version: int, values: Mapping[str, Any]) -> bool:
    """Change a lesson if its version is still that, and hold its row; false if it is another."""
    return await versions.change(session, lesson, version, values)


async def count_anew(
    session: AsyncSession, organization_id: UUID, academic_year: int, lesson_ids: Sequence[UUID], now: dt.datetime
) -> list[Counted]:
    """Count anew what stands at lessons and raise the version they are told at."""
    given = {"organization": organization_id, "year": academic_year, "lessons": lesson_ids, "now": now}
    return [Counted(*row) for row in await session.execute(COUNT, given)]


async def is_closed(session: AsyncSession, lesson: Lesson) -> bool:
    """Whether the lesson lies in a closed period."""
    names = ("organization_id", "academic_year", "journal_id", "learners_id", "date")
    return bool(await session.scalar(_CLOSED, {name: getattr(lesson, name) for name in names}))


async def closed(session: AsyncSession, organization_id: UUID, academic_year: int, days: Collection[Day]) -> set[Day]:
    """Those of the days of journals that lie in a closed period."""
    asked = sorted(days)
    values = {
        "organization_id": organization_id,
        "academic_year": academic_year,
        "journals": [journal for journal, _, _ in asked],
        "learners": [learners for _, learners, _ in asked],
        "dates": [day for _, _, day in asked],
    }
    return {(row[0], row[1], row[2]) for row in await session.execute(_CLOSED_DAYS, values)}


async def may_write(session: AsyncSession, lesson: Lesson, person_id: UUID | None, today: dt.date) -> MayWrite:
    """Whether a teacher gives the lesson, and whether the organization lets a teacher write in it today."""
    names = ("organization_id", "academic_year", "journal_id", "teacher_id", "date")
    row = (
        await session.execute(
            _MAY_WRITE, {**{name: getattr(lesson, name) for name in names}, "person": person_id, "today": today}
        )
    ).one()
    return MayWrite(*row)


async def subjects(session: AsyncSession, lesson_ids: set[UUID]) -> dict[UUID, str]:
    """What the journals of lessons are called."""
    rows = await session.execute(_SUBJECTS, {"ids": list(lesson_ids)})
    return {row.id: row.subject for row in rows if row.subject is not None}


async def works(session: AsyncSession, lesson: Lesson) -> Sequence[LessonWork]:
    """Works of a lesson in order."""
    query = select(LessonWork).where(_key(LessonWork, lesson), LessonWork.lesson_id == lesson.id)
    return (await session.scalars(query.order_by(LessonWork.number))).all()


async def put_works(session: AsyncSession, lesson: Lesson, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write works of a lesson, new and changed ones."""
    statement = insert(LessonWork)
    changed = {name: statement.excluded[name] for name in ("kind", "title", "weight")}
    upsert = statement.on_conflict_do_update(
        index_elements=["organization_id", "academic_year", "lesson_id", "number"],
        set_={**changed, "version": LessonWork.version + 1},
    )
    key = {"organization_id": lesson.organization_id, "academic_year": lesson.academic_year, "lesson_id": lesson.id}
    if rows:
        await (await session.connection()).execute(upsert, [{**key, **row} for row in rows])


async def drop_works(session: AsyncSession, lesson: Lesson, numbers: Collection[int]) -> None:
    """Take works of a lesson away."""
    await session.execute(
        delete(LessonWork)
        .where(_key(LessonWork, lesson), LessonWork.lesson_id == lesson.id, LessonWork.number.in_(numbers))
        .execution_options(synchronize_session=False)
    )


async def recorded(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[Lesson]:
    """Lessons that have a record, in id order."""
    query = select(Lesson).where(Lesson.recorded_at.is_not(None))
    if after is not None:
        query = query.where(Lesson.id > after)
    return (await session.scalars(query.order_by(Lesson.id).limit(limit))).all()


def _key(table: Any, lesson: Lesson) -> ColumnElement[bool]:
    """The organization and year of a lesson: every query of its rows stays in one shard and one partition."""
    return and_(table.organization_id == lesson.organization_id, table.academic_year == lesson.academic_year)


def _of(table: type[LessonWork]) -> ColumnElement[bool]:
    return and_(
        table.organization_id == Lesson.organization_id,
        table.academic_year == Lesson.academic_year,
        table.lesson_id == Lesson.id,
    )
