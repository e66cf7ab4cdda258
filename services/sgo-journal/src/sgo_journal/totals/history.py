"""Who set and changed which totals, as the sealed history says it. What families read stands in ``report_cards``."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.totals import service
from sgo_journal.totals.service import Columns
from sgo_journal.totals.spans import Kind

_CHANGES = text("""
SELECT c.id, t.student_id, c.total_kind AS kind, c.period, c.version, c.old_value, o.sign AS old_sign, c.new_value, n.sign AS new_sign,
       c.changed_by, nullif(concat_ws(' ', w.last_name, w.first_name, w.middle_name), '') AS author, c.changed_at, c.reason
  FROM journal AS j
  JOIN record_change AS c ON c.organization_id = j.organization_id AND c.academic_year = j.academic_year AND c.journal_id = j.id
  JOIN total AS t ON t.organization_id = c.organization_id AND t.academic_year = c.academic_year AND t.id = c.cell_id
       AND t.student_id = ANY (:students)
       AND t.course_id = CASE WHEN t.kind IN ('exam', 'final') THEN CAST(:certified AS uuid) ELSE :course END
  LEFT JOIN scale_value AS o ON o.scale_id = c.old_scale_id AND o.code = c.old_value
  LEFT JOIN scale_value AS n ON n.scale_id = c.new_scale_id AND n.code = c.new_value
  LEFT JOIN worker AS w ON w.id = c.changed_by
 WHERE j.organization_id = :organization AND j.academic_year = :year AND coalesce(j.subject_id, j.id) = ANY (:written_in)
   AND j.learners_id IN (
       SELECT r.learners_id FROM roster_stay AS r
        WHERE r.organization_id = :organization AND r.academic_year = :year AND r.student_id = ANY (:students))
   AND c.kind = 'total' AND (CAST(:after AS uuid) IS NULL OR c.id > :after)
 ORDER BY c.id LIMIT :limit
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
    found = await _changes(uow.session, columns, ids, after, limit)
    await audit.record(uow, principal, "journal.total-changes.read", sorted({row.student_id for row in found}))
    return found


async def _changes(
    session: AsyncSession, columns: Columns, students: Sequence[UUID], after: UUID | None, limit: int
) -> Sequence[Any]:
    course = columns.course
    beside = () if columns.combined is None else columns.combined.parts
    given = {
        **course.key,
        "certified": columns.course_of(Kind.FINAL).course_id,
        "written_in": list({course.course_id, *beside}),
        "students": students,
        "after": after,
        "limit": limit + 1,
    }
    return (await session.execute(_CHANGES, given)).all()
