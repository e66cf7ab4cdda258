"""Who may note which days: one statement judges every cell of a request, and every day that is confirmed as a whole.

It holds the group, so that neither its month nor the group is closed meanwhile, and the merges of cards.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from servicekit.security import Principal

JUDGE = text("""
WITH held AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(hashtext('asu.merged_students'))
), page AS MATERIALIZED (
    SELECT g.organization_id, g.academic_year, g.id, g.kind, NOT :teacher OR EXISTS (
               SELECT FROM group_teacher AS t
                WHERE t.group_id = g.id AND t.worker_id = :person AND t.valid_from <= :today
                  AND (t.valid_to IS NULL OR t.valid_to > :today)) AS mine
      FROM held, directory_group AS g
     WHERE g.id = :group AND g.organization_id = :organization
       FOR SHARE OF g
), days AS MATERIALIZED (
    SELECT d.day, day_is_closed(p.organization_id, p.academic_year, NULL, p.id, d.day) AS closed,
           group_is_closed(p.organization_id, p.academic_year, p.id, d.day) AS resting,
           NOT :teacher OR day_is_writable(p.organization_id, d.day, :today) AS writable,
           EXISTS (
               SELECT FROM daycare_month AS m
                WHERE m.organization_id = p.organization_id AND m.academic_year = p.academic_year AND m.group_id = p.id
                  AND m.month = date_trunc('month', d.day)::date) AS told
      FROM page AS p, unnest(CAST(:distinct_days AS date[])) AS d (day)
)
SELECT p.academic_year, p.kind, p.mine, d.closed, d.resting, d.writable, d.told,
       sent.code IS NULL OR EXISTS (SELECT FROM daycare_code AS c WHERE c.code = sent.code) AS has_code,
       sent.student_id IS NULL OR EXISTS (
           SELECT FROM roster_stay AS r
            WHERE r.organization_id = p.organization_id AND r.academic_year = p.academic_year AND r.learners_id = p.id
              AND r.student_id = sent.student_id AND r.valid_from <= sent.day
              AND (r.valid_to IS NULL OR r.valid_to > sent.day)) AS there
  FROM page AS p
 CROSS JOIN unnest(CAST(:students AS uuid[]), CAST(:days AS date[]), CAST(:codes AS text[]))
       WITH ORDINALITY AS sent (student_id, day, code, place)
  JOIN days AS d ON d.day = sent.day
 ORDER BY sent.place
""")
"""A day that is confirmed as a whole is sent without a student."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell that a request names, or (``student_id`` empty) a day it confirms."""

    student_id: UUID | None
    day: dt.date
    code: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of a cell or day; ``told``: others have heard of its month."""

    academic_year: int
    kind: str
    mine: bool
    closed: bool
    resting: bool
    writable: bool
    told: bool
    has_code: bool
    there: bool


async def judge(
    session: AsyncSession, principal: Principal, today: dt.date, group_id: UUID, asked: Sequence[Asked]
) -> list[Verdict]:
    """A verdict on each, in their order; none at all if the caller does not see the group."""
    rows = await session.execute(
        JUDGE,
        {
            "organization": principal.unit.organization_id,
            "group": group_id,
            "person": principal.person_id,
            "teacher": principal.role is Role.TEACHER,
            "today": today,
            "distinct_days": sorted({one.day for one in asked}),
            "students": [one.student_id for one in asked],
            "days": [one.day for one in asked],
            "codes": [one.code for one in asked],
        },
    )
    return [Verdict(*row) for row in rows]
