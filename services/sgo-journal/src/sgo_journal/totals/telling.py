"""What the registry hears of totals: marks of the year, of exams and final ones, of subjects alone.

A total is told at a version above every one it was told at before: it counts what changed in the total itself (``version``), whose
it is (``retold``) and under what title it is told (``retitled``). None of them ever falls.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.journal import YearMark, YearResultChanged, YearResultKind
from servicekit.messaging.republish import Aggregate
from servicekit.uow import UnitOfWork
from sgo_journal.rosters import service as rosters
from sgo_journal.totals.model import Total
from sgo_journal.totals.repository import Course, Place
from sgo_journal.totals.spans import Kind

_CHUNK = 1000
_READ = """
SELECT t.id, t.organization_id, t.academic_year, t.student_id, t.kind, t.version + t.retold + s.retitled AS version, t.changed_at,
       CASE WHEN m.merged_into IS NULL THEN t.value END AS value, v.grade, s.id AS subject_id, s.title AS subject_title
  FROM total AS t
  JOIN subject AS s ON s.id = t.course_id
  LEFT JOIN scale_value AS v ON v.scale_id = t.scale_id AND v.code = t.value
  LEFT JOIN merged_student AS m ON m.student_id = t.student_id
 WHERE t.kind <> 'period'
"""
"""A total that stayed with a card though its child is another's is nobody's: the child has one of its own there."""
_WRITTEN = text(
    f"""{_READ} AND t.organization_id = :organization AND t.academic_year = :year AND t.course_id = :course
   AND (t.student_id, t.kind) IN (SELECT * FROM unnest(CAST(:students AS uuid[]), CAST(:kinds AS text[])))
 ORDER BY t.student_id, t.kind FOR SHARE OF s
"""  # noqa: S608 - of constants
)
"""The subject is locked, so that no other title is told at the same version meanwhile."""
_RETOLD = text(
    f"""{_READ} AND (t.organization_id, t.academic_year, t.id) IN (
       SELECT * FROM unnest(CAST(:organizations AS uuid[]), CAST(:years AS integer[]), CAST(:ids AS uuid[])))
 ORDER BY t.organization_id, t.academic_year, t.id FOR SHARE OF s
"""  # noqa: S608 - of constants
)
_ALL = text(
    f"""{_READ} AND (t.organization_id, t.academic_year, t.id) > (:organization, :year, :id)
 ORDER BY t.organization_id, t.academic_year, t.id LIMIT {_CHUNK}
"""
)


def _told(row: Any) -> YearResultChanged:
    return YearResultChanged(
        total_id=row.id,
        organization_id=row.organization_id,
        academic_year=row.academic_year,
        student_id=row.student_id,
        subject_id=row.subject_id,
        subject_title=row.subject_title,
        kind=YearResultKind(row.kind),
        mark=_mark(row.value, row.grade),
    )


def _mark(value: str | None, grade: int | None) -> YearMark | None:
    """A value by the mark it stands for; one that stands for none by its code, if that is one that everybody knows."""
    if value is None:
        return None
    found = YearMark(value if grade is None else str(grade))
    return None if found is YearMark.UNKNOWN else found


async def publish(uow: UnitOfWork, course: Course, written: Sequence[Place]) -> None:
    """Tell totals of a course that were written; those of periods are the journal's own affair."""
    places = [(student, kind) for student, kind, _ in written if kind != Kind.PERIOD]
    if not places:
        return
    given = {"students": [student for student, _ in places], "kinds": [kind for _, kind in places]}
    for row in await uow.session.execute(_WRITTEN, {**course.key, **given}):
        uow.publish(_told(row), version=row.version)


async def publish_of(uow: UnitOfWork, cards: Collection[UUID]) -> None:
    """Tell all totals that stand under some cards, or were noted under them, anew: whose they are may be another by now."""
    moved = update(Total).where(
        Total.kind != Kind.PERIOD.value,
        Total.organization_id.in_(rosters.organizations_of(*cards)),
        or_(Total.student_id.in_(cards), Total.recorded_as.in_(cards)),
    )
    counted = moved.values(retold=Total.retold + 1).returning(Total.organization_id, Total.academic_year, Total.id)
    rows = (await uow.session.execute(counted, execution_options={"synchronize_session": False})).all()
    given = {
        "organizations": [row.organization_id for row in rows],
        "years": [row.academic_year for row in rows],
        "ids": [row.id for row in rows],
    }
    for row in await uow.session.execute(_RETOLD, given) if rows else ():
        uow.publish(_told(row), version=row.version)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every mark of a year, those taken away too, for a reader that is rebuilt."""
    after: dict[str, Any] = {"organization": UUID(int=0), "year": 0, "id": UUID(int=0)}
    while rows := (await session.execute(_ALL, after)).all():
        yield [Aggregate(_told(row), row.changed_at, row.version) for row in rows]
        after = dict(zip(after, (rows[-1].organization_id, rows[-1].academic_year, rows[-1].id), strict=True))
