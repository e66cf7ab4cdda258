"""What is left to fill in before a period is closed: one statement per kind of gap over all journals of some learners."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.totals.spans import Span


class Gap(StrEnum):
    """What a journal lacks."""

    TOPIC = "topic"
    ATTENDANCE = "attendance"
    HOMEWORK = "homework"
    TOTAL = "total"
    DEBT = "debt"


GAP_TITLES = {
    Gap.TOPIC: "уроки без темы",
    Gap.ATTENDANCE: "уроки, где не отмечена посещаемость",
    Gap.HOMEWORK: "уроки без домашнего задания",
    Gap.TOTAL: "ученики без итоговой отметки",
    Gap.DEBT: "незакрытые долги",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A column of totals of learners to be closed: a period or the whole year."""

    organization_id: UUID
    academic_year: int
    learners: Collection[UUID]
    span: Span

    @property
    def given(self) -> dict[str, Any]:
        """As statements name it."""
        return {
            "organization": self.organization_id,
            "year": self.academic_year,
            "learners": list(self.learners),
            "kind": self.span.kind.value,
            "period": self.span.period,
            "first_day": self.span.first_day,
            "last_day": self.span.last_day,
            "counted_on": self.span.counted_on,
        }


_LESSONS = """
SELECT l.id::text AS key, l.journal_id, l.id AS lesson_id, l.date, CAST(NULL AS uuid) AS student_id, l.teacher_id,
       CAST(NULL AS date) AS due_on
  FROM lesson AS l
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.learners_id = ANY (:learners)
   AND l.date BETWEEN :first_day AND :last_day AND l.state = 'planned' AND
"""
_TOTALS = """
SELECT DISTINCT j.id || '.' || r.student_id AS key, j.id AS journal_id, CAST(NULL AS uuid) AS lesson_id, CAST(NULL AS date) AS date,
       r.student_id, CAST(NULL AS uuid) AS teacher_id, CAST(NULL AS date) AS due_on
  FROM journal AS j
  JOIN roster_stay AS r ON r.organization_id = j.organization_id AND r.academic_year = j.academic_year
       AND r.learners_id = j.learners_id AND r.valid_from <= :counted_on AND (r.valid_to IS NULL OR r.valid_to > :counted_on)
 WHERE j.organization_id = :organization AND j.academic_year = :year AND j.learners_id = ANY (:learners) AND j.subject_id IS NOT NULL
   AND EXISTS (SELECT FROM scale_value AS v WHERE v.active
         AND v.scale_id = scale_of(j.scale_id, j.version > 1, j.learners_id))
   AND EXISTS (
       SELECT FROM lesson AS l
        WHERE l.organization_id = j.organization_id AND l.academic_year = j.academic_year AND l.journal_id = j.id
          AND l.state = 'planned' AND l.date BETWEEN :first_day AND :last_day)
   AND NOT EXISTS (
       SELECT FROM total AS t
        WHERE t.organization_id = j.organization_id AND t.academic_year = j.academic_year AND t.course_id = j.subject_id
          AND t.student_id = r.student_id AND t.kind = :kind AND t.period = :period AND t.value IS NOT NULL)
"""
_DEBTS = """
SELECT m.id::text AS key, l.journal_id, l.id AS lesson_id, l.date, m.student_id, l.teacher_id, m.due_on
  FROM lesson AS l
  JOIN mark AS m ON m.organization_id = l.organization_id AND m.academic_year = l.academic_year AND m.lesson_id = l.id AND m.debt
 WHERE l.organization_id = :organization AND l.academic_year = :year AND l.learners_id = ANY (:learners)
   AND l.date BETWEEN :first_day AND :last_day AND l.state = 'planned'
"""
_FOUND = {
    Gap.TOPIC: f"{_LESSONS} l.topic IS NULL AND l.topic_id IS NULL",
    Gap.ATTENDANCE: f"{_LESSONS} NOT l.attendance_checked",
    Gap.HOMEWORK: f"{_LESSONS} l.homework IS NULL",
    Gap.TOTAL: _TOTALS,
    Gap.DEBT: _DEBTS,
}
_COUNTS = (f"SELECT '{gap}' AS gap, count(*) FROM ({found}) AS found" for gap, found in _FOUND.items())  # noqa: S608 - of constants
_COUNT = text("\nUNION ALL\n".join(_COUNTS))


def _page_of(found: str) -> TextClause:
    since = 'CAST(:after AS text) IS NULL OR key COLLATE "C" > :after'
    return text(f'SELECT * FROM ({found}) AS found WHERE {since} ORDER BY key COLLATE "C" LIMIT :limit')  # noqa: S608 - of constants


_PAGES = {gap: _page_of(found) for gap, found in _FOUND.items()}
_IN_JOURNALS = {
    gap: text(f"SELECT * FROM ({found}) AS found WHERE journal_id = ANY (:journals) ORDER BY key LIMIT :limit")  # noqa: S608 - of constants
    for gap, found in _FOUND.items()
}


async def count(session: AsyncSession, period: Period) -> dict[Gap, int]:
    """How many places of each kind are left."""
    return {Gap(row[0]): row[1] for row in await session.execute(_COUNT, period.given)}


async def page(session: AsyncSession, period: Period, gap: Gap, after: str | None, limit: int) -> Sequence[Any]:
    """Places of a kind in the order of their keys, one more than ``limit``."""
    return (await session.execute(_PAGES[gap], {**period.given, "after": after, "limit": limit + 1})).all()


async def of_journals(
    session: AsyncSession, period: Period, gap: Gap, journals: Collection[UUID], limit: int
) -> Sequence[Any]:
    """Places of a kind in some journals of the learners, each with who gives the lesson, if it is one's; no more than ``limit``."""
    given = {**period.given, "journals": list(journals), "limit": limit}
    return (await session.execute(_IN_JOURNALS[gap], given)).all()
