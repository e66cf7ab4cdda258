"""What others hear of a closed period: results and attendance as counts, nobody named."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from asu_contracts.journal import PeriodResultsCounted, SubjectResults
from servicekit.uow import UnitOfWork
from sgo_journal.closings.model import PeriodClosing
from sgo_journal.rosters import service as rosters
from sgo_journal.totals.results import result_of
from sgo_journal.totals.spans import Kind, Span
from sgo_journal.totals.summaries import Result, Standing, class_summary, summary

_THERE = text("""
SELECT DISTINCT r.student_id FROM roster_stay AS r
 WHERE r.organization_id = :organization AND r.academic_year = :year AND r.learners_id = :group
   AND r.valid_from <= :counted_on AND (r.valid_to IS NULL OR r.valid_to > :counted_on)
""")
_TOTALS = text("""
SELECT c.id AS course_id, c.subject_id, c.title, t.student_id, t.value, v.grade
  FROM (SELECT DISTINCT coalesce(j.subject_id, j.id) AS id, j.subject_id, coalesce(s.title, j.title, '') AS title
          FROM journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
         WHERE j.organization_id = :organization AND j.academic_year = :year AND j.learners_id = ANY (:learners)) AS c
  JOIN total AS t ON t.organization_id = :organization AND t.academic_year = :year AND t.course_id = c.id
       AND t.student_id = ANY (:students) AND t.kind = :kind AND t.period = :period AND t.value IS NOT NULL
  JOIN scale_value AS v ON v.scale_id = t.scale_id AND v.code = t.value
 ORDER BY c.title, c.id
""")
_LESSONS = text("""
SELECT count(*) AS lessons, coalesce(sum(l.learners), 0) AS student_lessons FROM lesson AS l
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.learners_id = ANY (:learners)
   AND l.date BETWEEN :first_day AND :last_day AND l.state = 'planned' AND l.recorded_at IS NOT NULL
""")
_NOTES = text("""
SELECT coalesce(a.code, '') AS code, count(*) AS lessons, count(DISTINCT (a.student_id, l.date)) FILTER (WHERE c.absent) AS days
  FROM lesson AS l
  JOIN attendance AS a ON a.organization_id = l.organization_id AND a.academic_year = l.academic_year AND a.lesson_id = l.id
  JOIN attendance_code AS c ON c.code = a.code
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.learners_id = ANY (:learners)
   AND l.date BETWEEN :first_day AND :last_day AND l.state = 'planned'
 GROUP BY GROUPING SETS ((a.code), ())
""")
"""By code, and (code empty) all together: a day missed for two reasons is one day."""


async def count(uow: UnitOfWork, closing: PeriodClosing, period: int) -> PeriodResultsCounted:
    """Count a closed period as it stands now; subgroups count with their class."""
    span = Span(Kind.PERIOD if period else Kind.YEAR, period, closing.title, closing.first_day, closing.last_day)
    session = uow.session
    of = {
        "organization": closing.organization_id,
        "year": closing.academic_year,
        "group": closing.learners_id,
        "learners": sorted({closing.learners_id} | await rosters.subgroups_of(uow, closing.learners_id)),
        "first_day": span.first_day,
        "last_day": span.last_day,
    }
    students = sorted(await session.scalars(_THERE, {**of, "counted_on": span.counted_on}))
    given = {**of, "students": students, "kind": span.kind.value, "period": period}
    rows = (await session.execute(_TOTALS, given)).all()
    results: dict[UUID, dict[UUID, Result]] = {one: {} for one in students}
    for row in rows:
        results[row.student_id][row.course_id] = result_of(row)
    whole = class_summary(results)
    held = (await session.execute(_LESSONS, of)).one()
    noted = {row.code: row for row in await session.execute(_NOTES, of)}
    return PeriodResultsCounted(
        closing_id=closing.id,
        organization_id=closing.organization_id,
        group_id=closing.learners_id,
        academic_year=closing.academic_year,
        period=period,
        title=closing.title,
        first_day=closing.first_day,
        last_day=closing.last_day,
        closed=closing.revoked_at is None,
        with_gaps=closing.reason is not None,
        learners=len(students),
        standings={one.value: whole.counts[one] for one in Standing if whole.counts[one]},
        success=_float(whole.success),
        quality=_float(whole.quality),
        subjects=tuple(_subjects(rows)),
        lessons=held.lessons,
        student_lessons=held.student_lessons,
        absences={code: row.lessons for code, row in noted.items() if code},
        absent_days=noted[""].days,
    )


def _subjects(rows: Sequence[Any]) -> list[SubjectResults]:
    by_course: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        by_course[row.course_id].append(row)
    found = []
    for of_course in by_course.values():
        summed = summary(map(result_of, of_course))
        found.append(
            SubjectResults(
                subject_id=of_course[0].subject_id,
                subject_title=of_course[0].title,
                students=summed.total,
                marks=dict(Counter(row.value if row.grade is None else str(row.grade) for row in of_course)),
                mean=_float(summed.mean),
                success=_float(summed.success),
                quality=_float(summed.quality),
                learning=_float(summed.learning),
            )
        )
    return found


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
