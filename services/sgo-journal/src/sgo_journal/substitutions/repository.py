"""All SQL of the substitutions."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal import versions
from sgo_journal.substitutions.model import Absence, Substitution


async def one(session: AsyncSession, absence_id: UUID) -> Absence | None:
    """An absence."""
    query = select(Absence).where(Absence.id == absence_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def page(
    session: AsyncSession, organization_id: UUID, filters: Mapping[str, Any], after: UUID | None, limit: int
) -> Sequence[Absence]:
    """Absences of an organization, one more than ``limit``; ``filters`` by column."""
    query = select(Absence).where(
        Absence.organization_id == organization_id,
        *(getattr(Absence, name) == value for name, value in filters.items()),
    )
    if after is not None:
        query = query.where(Absence.id > after)
    return (await session.scalars(query.order_by(Absence.id).limit(limit + 1))).all()


async def change(session: AsyncSession, absence: Absence, version: int, values: Mapping[str, Any]) -> bool:
    """Change an absence that is in force if its version is still that; false if it is another."""
    return await versions.change(session, absence, version, values)


async def in_force(
    session: AsyncSession, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date
) -> Sequence[Absence]:
    """Absences on days of [since, until) that were not withdrawn."""
    query = select(Absence).where(
        Absence.organization_id == organization_id,
        Absence.academic_year == academic_year,
        Absence.valid_to > since,
        Absence.valid_from < until,
        Absence.withdrawn_at.is_(None),
    )
    return (await session.scalars(query.order_by(Absence.id))).all()


def _of(organization_id: UUID, academic_year: int) -> ColumnElement[bool]:
    return and_(
        Substitution.organization_id == organization_id,
        Substitution.academic_year == academic_year,
        Substitution.ended_at.is_(None),
    )


async def of_absence(session: AsyncSession, absence: Absence) -> Mapping[UUID, Substitution]:
    """What is arranged for lessons of an absence, by lesson."""
    mine = _of(absence.organization_id, absence.academic_year) & (Substitution.absence_id == absence.id)
    return {row.lesson_id: row for row in await session.scalars(select(Substitution).where(mine))}


async def of_lessons(
    session: AsyncSession, organization_id: UUID, academic_year: int, lesson_ids: Collection[UUID]
) -> Mapping[UUID, Substitution]:
    """What is arranged for lessons, whoever's absence it is for, by lesson."""
    theirs = _of(organization_id, academic_year) & Substitution.lesson_id.in_(lesson_ids)
    return {row.lesson_id: row for row in await session.scalars(select(Substitution).where(theirs))}


async def end(session: AsyncSession, absence: Absence, lesson_ids: Collection[UUID], by: UUID, at: dt.datetime) -> None:
    """End what is arranged for lessons, whoever's absence it is for; the absence names the organization and the year."""
    await session.execute(
        update(Substitution)
        .where(_of(absence.organization_id, absence.academic_year), Substitution.lesson_id.in_(lesson_ids))
        .values(ended_by=by, ended_at=at)
        .execution_options(synchronize_session=False)
    )


_DAY = text("""
    SELECT l.id AS lesson_id, l.number, l.starts_at, l.learners_id, l.journal_id, l.room_id,
           s.kind, s.own_teacher_id, s.teacher_id
      FROM lesson AS l JOIN substitution AS s
        ON (s.organization_id, s.academic_year, s.lesson_id) = (l.organization_id, l.academic_year, l.id)
     WHERE l.organization_id = :organization AND l.date = :day AND s.ended_at IS NULL
     ORDER BY l.number, l.starts_at, l.id
""")


async def on_day(session: AsyncSession, organization_id: UUID, day: dt.date) -> Sequence[Any]:
    """Substitutions of a day with their lessons, by number."""
    return (await session.execute(_DAY, {"organization": organization_id, "day": day})).all()


_HOURS = text("""
    WITH held AS (
        SELECT l.teacher_id, l.state, s.kind, s.own_teacher_id
          FROM lesson AS l LEFT JOIN substitution AS s
            ON (s.organization_id, s.academic_year, s.lesson_id) = (l.organization_id, l.academic_year, l.id)
           AND s.ended_at IS NULL
         WHERE l.organization_id = :organization AND l.date BETWEEN :since AND :until
    ), counted AS (
        SELECT teacher_id, count(*) FILTER (WHERE kind IS NULL) AS own, count(*) FILTER (WHERE kind = 'subject') AS subject,
               count(*) FILTER (WHERE kind = 'other') AS other, count(*) FILTER (WHERE kind = 'combined') AS combined, 0 AS missed
          FROM held WHERE state = 'planned' AND teacher_id IS NOT NULL GROUP BY teacher_id
        UNION ALL
        SELECT own_teacher_id, 0, 0, 0, 0, count(*) FROM held WHERE own_teacher_id IS NOT NULL GROUP BY own_teacher_id
    )
    SELECT teacher_id, sum(own)::int AS own, sum(subject)::int AS subject, sum(other)::int AS other,
           sum(combined)::int AS combined, sum(missed)::int AS missed
      FROM counted GROUP BY teacher_id ORDER BY teacher_id
""")


async def hours(session: AsyncSession, organization_id: UUID, since: dt.date, until: dt.date) -> Sequence[Any]:
    """Lessons of each teacher within [since, until]: own ones, those given for others by kind, own ones others gave."""
    params = {"organization": organization_id, "since": since, "until": until}
    return (await session.execute(_HOURS, params)).all()
