"""Who set and changed which totals: for the office and teachers what the sealed history says, for families what stands there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.rosters import access
from sgo_journal.totals import service
from sgo_journal.totals.repository import Course

_CHANGES = text("""
SELECT c.id, t.student_id, c.total_kind AS kind, c.period, c.version, c.old_value, o.sign AS old_sign, c.new_value, n.sign AS new_sign,
       c.changed_by, nullif(concat_ws(' ', w.last_name, w.first_name, w.middle_name), '') AS author, c.changed_at, c.reason
  FROM journal AS j
  JOIN record_change AS c ON c.organization_id = j.organization_id AND c.academic_year = j.academic_year AND c.journal_id = j.id
  JOIN total AS t ON t.organization_id = c.organization_id AND t.academic_year = c.academic_year AND t.id = c.cell_id
       AND t.student_id = ANY (:students)
  LEFT JOIN scale_value AS o ON o.scale_id = c.old_scale_id AND o.code = c.old_value
  LEFT JOIN scale_value AS n ON n.scale_id = c.new_scale_id AND n.code = c.new_value
  LEFT JOIN worker AS w ON w.id = c.changed_by
 WHERE j.organization_id = :organization AND j.academic_year = :year AND coalesce(j.subject_id, j.id) = :course
   AND j.learners_id IN (
       SELECT r.learners_id FROM roster_stay AS r
        WHERE r.organization_id = :organization AND r.academic_year = :year AND r.student_id = ANY (:students))
   AND c.kind = 'total' AND (CAST(:after AS uuid) IS NULL OR c.id > :after)
 ORDER BY c.id LIMIT :limit
""")
_OF_STUDENT = text("""
SELECT t.organization_id, coalesce(j.title, s.title, '') AS subject, t.kind, t.period, t.first_day, t.last_day, t.value, v.sign, v.title,
       t.changed_at AS set_at, nullif(concat_ws(' ', w.last_name, w.first_name, w.middle_name), '') AS set_by
  FROM total AS t
  JOIN scale_value AS v ON v.scale_id = t.scale_id AND v.code = t.value
  JOIN journal AS j ON j.organization_id = t.organization_id AND j.academic_year = t.academic_year AND j.id = t.journal_id
  LEFT JOIN subject AS s ON s.id = j.subject_id
  LEFT JOIN worker AS w ON w.id = t.changed_by
 WHERE t.academic_year = :year AND t.student_id = :student AND t.organization_id IN (
       SELECT r.organization_id FROM roster_stay AS r WHERE r.student_id = :student AND r.academic_year = :year)
 ORDER BY subject, t.organization_id, t.course_id, t.last_day, t.period, t.kind
""")


async def list_changes(
    uow: UnitOfWork, principal: Principal, journal_id: UUID, student_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[Any]:
    """Changes of the totals of a journal's students in its subject, in the order they were made, one more than ``limit``; audited.

    Those that were made in other journals of the subject are among them. Raises ``NotFoundError`` for a journal out of the caller's
    view and for a student who was never taught there.
    """
    columns = await service.columns_of(uow, principal, journal_id)
    ids = [one.student_id for one in await service.students_of(uow, columns)]
    if student_id is not None:
        if student_id not in ids:
            raise NotFoundError
        ids = [student_id]
    found = await _changes(uow.session, columns.course, ids, after, limit)
    await audit.record(uow, principal, "journal.total-changes.read", sorted({row.student_id for row in found}))
    return found


async def _changes(
    session: AsyncSession, course: Course, students: Sequence[UUID], after: UUID | None, limit: int
) -> Sequence[Any]:
    given = {**course.key, "students": students, "after": after, "limit": limit + 1}
    return (await session.execute(_CHANGES, given)).all()


async def of_student(uow: UnitOfWork, principal: Principal, student_id: UUID, academic_year: int) -> Sequence[Any]:
    """Totals of a child in a school year, of every organization, for the child and whoever may see it today, or ``NotFoundError``."""
    may = access.is_family(principal, student_id, uow.clock.today())
    if not await uow.session.scalar(select(may)):
        raise NotFoundError
    return (await uow.session.execute(_OF_STUDENT, {"year": academic_year, "student": student_id})).all()
