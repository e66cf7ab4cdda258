"""Who may write which totals: one statement judges every id of a request, and nothing is written that it did not pass.

It holds the journal, so that no period is closed meanwhile, and the merging of cards, so that totals are written to living ones.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from servicekit.security import Principal

_JUDGE = text("""
WITH held AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(hashtext('asu.merged_students'))
), page AS MATERIALIZED (
    SELECT j.organization_id, j.academic_year, j.id, j.learners_id,
           scale_of(j.scale_id, j.version > 1 OR j.subject_id IS NULL, j.learners_id) AS scale_id
      FROM held, journal AS j
     WHERE j.organization_id = :organization AND j.id = :journal
       FOR SHARE OF j
)
SELECT p.scale_id,
       NOT :teacher
       OR gives_total(p.organization_id, p.academic_year, p.id, sent.first_day, sent.last_day, :person, :today) AS mine,
       days_are_closed(p.organization_id, p.academic_year, p.id, p.learners_id, sent.first_day, sent.last_day) AS closed,
       sent.code IS NULL OR EXISTS (
           SELECT FROM scale_value AS v
            WHERE v.scale_id = p.scale_id AND v.code = sent.code AND v.active AND NOT v.debt) AS has_code,
       EXISTS (
           SELECT FROM roster_stay AS r
            WHERE r.organization_id = p.organization_id AND r.academic_year = p.academic_year AND r.learners_id = p.learners_id
              AND r.student_id = sent.student_id AND r.valid_from <= sent.last_day
              AND (r.valid_to IS NULL OR r.valid_to > sent.first_day))
       OR sent.code IS NULL AND EXISTS (
           SELECT FROM total AS t
            WHERE t.organization_id = p.organization_id AND t.academic_year = p.academic_year AND t.journal_id = p.id
              AND t.student_id = sent.student_id) AS there
  FROM page AS p
 CROSS JOIN unnest(CAST(:students AS uuid[]), CAST(:codes AS text[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]))
       WITH ORDINALITY AS sent (student_id, code, first_day, last_day, place)
 ORDER BY sent.place
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A total that a request names, with the days it is about."""

    student_id: UUID
    code: str | None
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of a total that is asked for."""

    scale_id: int
    mine: bool
    closed: bool
    has_code: bool
    there: bool


async def judge(
    session: AsyncSession, principal: Principal, today: dt.date, journal_id: UUID, asked: Sequence[Asked]
) -> list[Verdict]:
    """A verdict on each total, in their order. Whether the caller sees the journal was looked at before."""
    rows = await session.execute(
        _JUDGE,
        {
            "organization": principal.unit.organization_id,
            "journal": journal_id,
            "person": principal.person_id,
            "teacher": principal.role is Role.TEACHER,
            "today": today,
            "students": [one.student_id for one in asked],
            "codes": [one.code for one in asked],
            "firsts": [one.first_day for one in asked],
            "lasts": [one.last_day for one in asked],
        },
    )
    return [Verdict(*row) for row in rows]
