"""How many lessons there are of what: SQL of a planned day, week or year that lists none of them."""

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.lessons.model import Lesson

_NUMBERS = text("""
    SELECT DISTINCT l.date, coalesce(t.group_id, l.learners_id) AS class_id, l.number
      FROM lesson AS l LEFT JOIN teaching_group AS t ON t.id = l.learners_id
     WHERE l.organization_id = :organization AND l.academic_year = :year AND l.date = ANY (:days) AND l.state = 'planned'
       AND coalesce(t.group_id, l.learners_id) = ANY (:classes)
""")


async def numbers_of_classes(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int,
    days: Collection[dt.date],
    classes: Collection[UUID],
) -> Mapping[tuple[dt.date, UUID], set[int]]:
    """Numbers of the lessons that classes have on days, their subgroups' too, by day and class; of other groups, their own."""
    given = {"organization": organization_id, "year": academic_year, "days": list(days), "classes": list(classes)}
    found: dict[tuple[dt.date, UUID], set[int]] = {}
    for row in await session.execute(_NUMBERS, given):
        found.setdefault((row.date, row.class_id), set()).add(row.number)
    return found


async def loads_by_week(
    session: AsyncSession, organization_id: UUID, since: dt.date, until: dt.date
) -> Mapping[tuple[UUID, dt.date], int]:
    """How many lessons of [since, until) each teacher is to give, by teacher and Monday."""
    week = cast(func.date_trunc("week", Lesson.date), Date)
    query = (
        select(Lesson.teacher_id, week, func.count())
        .where(
            Lesson.organization_id == organization_id,
            Lesson.state == "planned",
            Lesson.teacher_id.is_not(None),
            Lesson.date >= since,
            Lesson.date < until,
        )
        .group_by(Lesson.teacher_id, week)
    )
    return {(teacher, monday): count for teacher, monday, count in await session.execute(query) if teacher is not None}


async def counts_by_day(
    session: AsyncSession, organization_id: UUID, wanted: ColumnElement[bool], since: dt.date, until: dt.date
) -> Mapping[dt.date, tuple[int, int]]:
    """Lessons to be held and cancelled ones, by day of [since, until)."""
    planned = func.count().filter(Lesson.state == "planned")
    query = (
        select(Lesson.date, planned, func.count() - planned)
        .where(Lesson.organization_id == organization_id, wanted, Lesson.date >= since, Lesson.date < until)
        .group_by(Lesson.date)
    )
    return {day: (held, cancelled) for day, held, cancelled in await session.execute(query)}
