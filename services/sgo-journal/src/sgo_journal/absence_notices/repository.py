"""All SQL of the notices of absence."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sgo_journal import versions
from sgo_journal.absence_notices.model import LONGEST, AbsenceNotice, AbsenceReason
from sgo_journal.dates import academic_year
from sgo_journal.rosters import access
from sgo_journal.rosters import service as rosters

_IN_CLASS = text("""
SELECT student_id, count(*) FILTER (WHERE absent) AS missed,
       coalesce(array_agg(DISTINCT code) FILTER (WHERE absent), '{}') AS codes, bool_or(of_lesson) AS of_lesson
  FROM (SELECT s.student_id, coalesce(c.absent, false) AS absent, a.code, true AS of_lesson
          FROM lesson AS l
         CROSS JOIN unnest(CAST(:students AS uuid[])) AS s (student_id)
          LEFT JOIN attendance AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year
               AND a.lesson_id = l.id AND a.student_id = s.student_id
          LEFT JOIN attendance_code AS c ON c.code = a.code
         WHERE l.organization_id = :organization AND l.academic_year = :year AND l.learners_id = ANY (:learners)
           AND l.date = :day AND l.state = 'planned' AND (a.code IS NOT NULL OR l.attendance_checked)
           AND EXISTS (
               SELECT FROM roster_stay AS r
                WHERE r.organization_id = l.organization_id AND r.academic_year = l.academic_year AND r.learners_id = l.learners_id
                  AND r.student_id = s.student_id AND r.valid_from <= l.date AND (r.valid_to IS NULL OR r.valid_to > l.date))
         UNION ALL
        SELECT d.student_id, d.code <> 'present', d.code, false
          FROM child_day AS d
         WHERE d.organization_id = :organization AND d.academic_year = :year AND d.group_id = ANY (:learners) AND d.day = :day
           AND d.student_id = ANY (:students) AND d.code IS NOT NULL) AS noted
 GROUP BY student_id
""")
_SUGGESTED = text("""
WITH there AS MATERIALIZED (
    SELECT r.student_id, greatest(r.valid_from, :since) AS first_day, least(r.valid_to - 1, :until) AS last_day
      FROM roster_stay AS r
     WHERE r.organization_id = :organization AND r.academic_year = :year AND r.learners_id = :learners
       AND r.valid_from <= :until AND (r.valid_to IS NULL OR r.valid_to > :since)
)
SELECT DISTINCT n.student_id, greatest(n.starts_on, t.first_day) AS first_day, least(n.ends_on, t.last_day) AS last_day,
       c.code, c.sign, c.title
  FROM there AS t
  JOIN absence_notice AS n ON n.student_id = t.student_id
  JOIN absence_reason AS why ON why.code = n.reason
  JOIN attendance_code AS c ON c.code = why.attendance_code
 WHERE n.academic_year BETWEEN :year - 1 AND :year + 1
   AND n.starts_on <= t.last_day AND n.ends_on >= t.first_day AND n.withdrawn_at IS NULL
 ORDER BY 2, 1
""")
_PLACE = text("""
SELECT p.organization_id FROM placement AS p
 WHERE p.student_id = :student AND p.main AND p.valid_from <= :until AND (p.valid_to IS NULL OR p.valid_to > :since)
   AND (p.valid_to IS NULL OR p.valid_to > p.valid_from)
 ORDER BY p.valid_from LIMIT 1
""")


async def reasons(session: AsyncSession) -> Sequence[AbsenceReason]:
    """Reasons in their order."""
    return (await session.scalars(select(AbsenceReason).order_by(AbsenceReason.position))).all()


async def place_of(session: AsyncSession, student_id: UUID, since: dt.date, until: dt.date) -> UUID | None:
    """The organization where a student mainly studies at some time within [since, until], the first of them."""
    given = {"student": student_id, "since": since, "until": until}
    found: UUID | None = await session.scalar(_PLACE, given)
    return found


async def one(session: AsyncSession, notice_id: UUID, organization_id: UUID | None = None) -> AbsenceNotice | None:
    """A notice, of the organization if one is named: a family has no organization of its own."""
    query = select(AbsenceNotice).where(AbsenceNotice.id == notice_id)
    if organization_id is not None:
        query = query.where(AbsenceNotice.organization_id == organization_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def of_organization(
    session: AsyncSession, organization_id: UUID, day: dt.date, after: UUID | None, limit: int
) -> Sequence[AbsenceNotice]:
    """Notices in force on a day, in id order, one more than ``limit``: told to an organization, or about who studies there that day.

    What another organization was told is left out where one that was told here stands.
    """
    told_here = _in_force(AbsenceNotice, day) & (AbsenceNotice.organization_id == organization_id)
    own = aliased(AbsenceNotice)
    told_here_too = exists().where(
        own.student_id == AbsenceNotice.student_id, own.organization_id == organization_id, _in_force(own, day)
    )
    told_elsewhere = (
        _in_force(AbsenceNotice, day)
        & AbsenceNotice.student_id.in_(rosters.students_of(organization_id, day))
        & (AbsenceNotice.organization_id != organization_id)
        & ~told_here_too
    )
    # One condition of both would have every notice of the region looked through: no index leads to either half of it.
    ids = union_all(*(select(AbsenceNotice.id).where(one) for one in (told_here, told_elsewhere))).subquery()
    query = select(AbsenceNotice).where(AbsenceNotice.id.in_(select(ids.c.id)))
    if after is not None:
        query = query.where(AbsenceNotice.id > after)
    return (await session.scalars(query.order_by(AbsenceNotice.id).limit(limit + 1))).all()


def _in_force(notice: type[AbsenceNotice], day: dt.date) -> ColumnElement[bool]:
    return and_(
        notice.academic_year.between(academic_year(day - LONGEST), academic_year(day)),
        notice.starts_on <= day,
        notice.ends_on >= day,
        notice.withdrawn_at.is_(None),
    )


async def of_student(
    session: AsyncSession, organization_id: UUID | None, student_id: UUID, after: UUID | None, limit: int
) -> Sequence[AbsenceNotice]:
    """Notices about a student, the newest first, one more than ``limit``; withdrawn ones too.

    An organization sees those told to it and, in force, those about days in which the student is there.
    """
    query = select(AbsenceNotice).where(AbsenceNotice.student_id == student_id)
    if organization_id is not None:
        there = access.was_in(
            organization_id, AbsenceNotice.student_id, AbsenceNotice.starts_on, AbsenceNotice.ends_on + 1
        )
        query = query.where(
            or_(AbsenceNotice.organization_id == organization_id, AbsenceNotice.withdrawn_at.is_(None) & there)
        )
    if after is not None:
        query = query.where(AbsenceNotice.id < after)
    return (await session.scalars(query.order_by(AbsenceNotice.id.desc()).limit(limit + 1))).all()


async def within(
    session: AsyncSession,
    organization_id: UUID,
    students: Collection[UUID] | Select[UUID],
    since: dt.date,
    until: dt.date,
) -> Sequence[tuple[AbsenceNotice, str]]:
    """Notices in force about students on some day of [since, until) with the code of preschool groups, whoever was told.

    Of several for a day the first stands: those told to the organization, then by reason.
    """
    query = (
        select(AbsenceNotice, AbsenceReason.daycare_code)
        .join(AbsenceReason, AbsenceReason.code == AbsenceNotice.reason)
        .where(
            AbsenceNotice.student_id.in_(students),
            AbsenceNotice.academic_year.between(academic_year(since - LONGEST), academic_year(until)),
            AbsenceNotice.starts_on < until,
            AbsenceNotice.ends_on >= since,
            AbsenceNotice.withdrawn_at.is_(None),
        )
        .order_by(AbsenceNotice.organization_id != organization_id, AbsenceNotice.reason, AbsenceNotice.id)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def noted(
    session: AsyncSession,
    key: tuple[UUID, int],
    learners: Collection[UUID],
    students: Collection[UUID],
    day: dt.date,
) -> Mapping[UUID, Any]:
    """What was noted of students on a day with the learners: missed, codes; who nothing is noted of is absent."""
    given = {"organization": key[0], "year": key[1], "learners": list(learners), "students": list(students), "day": day}
    return {row.student_id: row for row in await session.execute(_IN_CLASS, given)}


async def suggested(
    session: AsyncSession, key: tuple[UUID, int], learners_id: UUID, since: dt.date, until: dt.date
) -> Sequence[Any]:
    """Who of the learners was told to be absent within [since, until], and the code of attendance offered for it."""
    given = {"organization": key[0], "year": key[1], "learners": learners_id, "since": since, "until": until}
    return (await session.execute(_SUGGESTED, given)).all()


async def change(session: AsyncSession, notice: AbsenceNotice, version: int, values: Mapping[str, Any]) -> bool:
    """Change a notice if its version is still that; false if it is another."""
    return await versions.change(session, notice, version, values)
