"""Saying by hand which course of this school a subject that was brought is: where the region's list does not, or says wrong."""

from uuid import UUID

from asu_contracts.access import Role
from servicekit import audit
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.transfers import holding
from sgo_journal.transfers import statement_repository as kept
from sgo_journal.transfers.errors import CountedElsewhereError


async def assign(uow: UnitOfWork, principal: Principal, journal_id: UUID, subject_id: UUID, version: int) -> UUID:
    """Let what a student of a journal brought of a subject count in the journal's course, which is answered.

    A teacher says so of the journals the teacher has the say in today (``journals.require_written_by``), and takes nothing that counts
    in another course (``CountedElsewhereError``). Raises ``NotFoundError``, ``VersionMismatchError``, ``PeriodClosedError`` if some of
    it is of a closed period.
    """
    return await _say(uow, principal, journal_id, subject_id, version, counts=True)


async def unassign(uow: UnitOfWork, principal: Principal, journal_id: UUID, subject_id: UUID, version: int) -> None:
    """Take back that a subject is the journal's course: it counts by the region's list again. Raises what ``assign`` does."""
    await _say(uow, principal, journal_id, subject_id, version, counts=False)


async def _say(
    uow: UnitOfWork, principal: Principal, journal_id: UUID, subject_id: UUID, version: int, *, counts: bool
) -> UUID:
    await rosters.hold_merges(uow)
    journal, _ = await journals.whole(uow, principal, journal_id)
    key, course_id = (journal.organization_id, journal.academic_year), journal.subject_id or journal.id
    await journals.require_written_by(uow, principal, journal.organization_id, [journal.id])
    found = await kept.assigned(
        uow.session, subject_id, organization=key[0], year=key[1], learners=journal.learners_id, course=course_id
    )
    if found is None or (not counts and found.course_id != course_id):
        raise NotFoundError
    if found.elsewhere and principal.role is Role.TEACHER:
        raise CountedElsewhereError
    await holding.hold_students(uow.session, [found.student_id])
    await holding.hold_periods(uow.session, *key, found.student_id)
    course = course_id if counts else None
    if not await kept.assign(uow.session, *key, subject_id, version, course):
        raise VersionMismatchError
    await kept.keep(
        uow.session,
        organization_id=key[0],
        academic_year=key[1],
        id=new_id(),
        statement_id=found.statement_id,
        student_id=found.student_id,
        action="assigned",
        contents={"subject": found.title, "course_id": None if course is None else str(course)},
        changed_by=author(principal),
        changed_at=uow.now,
    )
    await audit.record(uow, principal, "student.brought.assigned", [found.student_id])
    return course_id
