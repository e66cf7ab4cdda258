"""Use cases of the notices of absence: telling, accepting, shortening, withdrawing."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from asu_contracts.access import Role
from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.absence_notices import repository
from sgo_journal.absence_notices.errors import (
    NoticeAcceptedError,
    NoticeBegunError,
    NoticeDaysError,
    NoticeEndError,
    NoticeOfStaffError,
    NoticeWithdrawnError,
    NotStudyingError,
    ReasonUnknownError,
)
from sgo_journal.absence_notices.model import LONGEST, AbsenceNotice, AbsenceReason
from sgo_journal.absence_notices.schemas import NoticeIn
from sgo_journal.dates import academic_year
from sgo_journal.merging import move
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff

__all__ = ["AbsenceNotice"]

_DAY = dt.timedelta(days=1)


async def reasons(uow: UnitOfWork) -> Sequence[AbsenceReason]:
    """Why a student may be absent, in the order of the list."""
    return await repository.reasons(uow.session)


async def tell(uow: UnitOfWork, principal: Principal, student_id: UUID, body: NoticeIn) -> AbsenceNotice:
    """Tell that a student will be absent: a guardian of the own child, the office and whoever leads the class of theirs.

    Raises ``NotFoundError`` for a student out of the caller's view, ``NoticeDaysError``, ``NotStudyingError``,
    ``NoticeOverlapsError``.
    """
    family = principal.role is Role.GUARDIAN
    today = uow.clock.today()
    if not body.starts_on <= body.ends_on <= min(body.starts_on, today) + LONGEST:
        raise NoticeDaysError
    if body.starts_on < today and (family or academic_year(body.starts_on) < academic_year(today)):
        raise NoticeDaysError
    if body.reason not in {one.code for one in await repository.reasons(uow.session)}:
        raise ReasonUnknownError
    await rosters.hold_merges(uow)
    organization_id = await _told_to(uow, principal, student_id, body.starts_on, body.ends_on)
    notice = AbsenceNotice(
        organization_id=organization_id,
        academic_year=academic_year(body.starts_on),
        id=new_id(),
        student_id=student_id,
        recorded_as=None,
        told_by=author(principal),
        by_staff=not family,
        told_at=uow.now,
        accepted_by=None,
        accepted_at=None,
        withdrawn_by=None,
        withdrawn_at=None,
        version=1,
        **body.model_dump(),
    )
    uow.session.add(notice)
    await uow.session.flush()
    if not family:
        await audit.record(uow, principal, "absence-notice.tell", [student_id])
    return notice


async def _told_to(uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date) -> UUID:
    """The organization a notice about days within [since, until] goes to."""
    if principal.role is not Role.GUARDIAN:
        if not await _stays(uow, principal, student_id, since, until + _DAY):
            raise NotFoundError
        assert principal.unit.organization_id is not None
        return principal.unit.organization_id
    if principal.person_id is None or not await rosters.may_see(uow, principal.person_id, student_id):
        raise NotFoundError
    found = await repository.place_of(uow.session, student_id, since, until)
    if found is None:
        raise NotStudyingError
    return found


async def _stays(uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date) -> bool:
    """Whether staff see the student within [since, until): the office of the organization, who leads a class of theirs."""
    if principal.unit.organization_id is None:
        return False
    stays = await rosters.stays(uow, student_id, since, until, principal.unit.organization_id)
    if principal.role is not Role.TEACHER:
        return bool(stays)
    return bool(await staff.leads(uow, principal.person_id, {one.group_id for one in stays}, uow.clock.today()))


async def list_of_student(
    uow: UnitOfWork, principal: Principal, student_id: UUID, after: UUID | None, limit: int
) -> Sequence[AbsenceNotice]:
    """Notices about a student, the newest first, one more than ``limit``.

    Staff see those told to them and those about days in which the student is with them; the reading is audited.
    """
    if principal.role is Role.GUARDIAN:
        if principal.person_id is None or not await rosters.may_see(uow, principal.person_id, student_id):
            raise NotFoundError
        return await repository.of_student(uow.session, None, student_id, after, limit)
    today = uow.clock.today()
    if not await _stays(uow, principal, student_id, today, today + _DAY):
        raise NotFoundError
    await audit.record(uow, principal, "absence-notices.read", [student_id])
    return await repository.of_student(uow.session, principal.unit.organization_id, student_id, after, limit)


async def list_of_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, day: dt.date, after: UUID | None, limit: int
) -> Sequence[tuple[AbsenceNotice, str | None]]:
    """Who in an organization the caller sees was told to be absent on a day, whoever was told, with names, one more than ``limit``.

    Audited.
    """
    await require_visible(uow, principal, organization_id)
    found = await repository.of_organization(uow.session, organization_id, day, after, limit)
    students = [one.student_id for one in found[:limit]]
    names = await rosters.names_of(uow, students)
    await audit.record(uow, principal, "absence-notices.day", sorted(set(students)))
    return [(one, names.get(one.student_id)) for one in found]


async def _visible(uow: UnitOfWork, principal: Principal, notice_id: UUID) -> AbsenceNotice:
    """A notice the caller may change, in force; raises ``NotFoundError``, ``NoticeWithdrawnError``."""
    family = principal.role is Role.GUARDIAN
    organization_id = principal.unit.organization_id
    if not family and organization_id is None:
        raise NotFoundError
    notice = await repository.one(uow.session, notice_id, organization_id)
    if notice is None:
        raise NotFoundError
    if family:
        mine = principal.person_id is not None and await rosters.may_see(uow, principal.person_id, notice.student_id)
    else:
        mine = principal.role is not Role.TEACHER or await _stays(
            uow, principal, notice.student_id, notice.starts_on, notice.ends_on + _DAY
        )
    if not mine:
        raise NotFoundError
    if notice.withdrawn_at is not None:
        raise NoticeWithdrawnError
    return notice


def _require_own(principal: Principal, notice: AbsenceNotice) -> None:
    if principal.role is Role.GUARDIAN and notice.by_staff:
        raise NoticeOfStaffError


async def withdraw(uow: UnitOfWork, principal: Principal, notice_id: UUID, version: int) -> AbsenceNotice:
    """Take a notice back: a family the own one before its first day (``NoticeBegunError``, ``NoticeOfStaffError``), the staff on any."""
    notice = await _visible(uow, principal, notice_id)
    _require_own(principal, notice)
    if principal.role is Role.GUARDIAN and notice.starts_on <= uow.clock.today():
        raise NoticeBegunError
    values = {"withdrawn_by": author(principal), "withdrawn_at": uow.now}
    return await _changed(uow, principal, notice, version, values)


async def shorten(
    uow: UnitOfWork, principal: Principal, notice_id: UUID, version: int, last_day: dt.date
) -> AbsenceNotice:
    """The student is back earlier; raises ``NoticeEndError``, to a family ``NoticeOfStaffError``."""
    notice = await _visible(uow, principal, notice_id)
    _require_own(principal, notice)
    too_late = principal.role is Role.GUARDIAN and last_day < uow.clock.today() - _DAY
    if too_late or not notice.starts_on <= last_day < notice.ends_on:
        raise NoticeEndError
    return await _changed(uow, principal, notice, version, {"ends_on": last_day})


async def accept(uow: UnitOfWork, principal: Principal, notice_id: UUID, version: int) -> AbsenceNotice:
    """The class teacher, educator or office has taken note; raises ``NoticeAcceptedError`` if somebody had before."""
    notice = await _visible(uow, principal, notice_id)
    if notice.accepted_at is not None:
        raise NoticeAcceptedError
    values = {"accepted_by": author(principal), "accepted_at": uow.now}
    return await _changed(uow, principal, notice, version, values)


async def _changed(
    uow: UnitOfWork, principal: Principal, notice: AbsenceNotice, version: int, values: Mapping[str, Any]
) -> AbsenceNotice:
    if not await repository.change(uow.session, notice, version, values):
        raise VersionMismatchError
    if principal.role is not Role.GUARDIAN:
        await audit.record(uow, principal, "absence-notice.change", [notice.student_id])
    await uow.session.refresh(notice)
    return notice


async def told_of(
    uow: UnitOfWork, organization_id: UUID, students: Collection[UUID], day: dt.date
) -> Mapping[UUID, AbsenceNotice]:
    """What stands of students on a day, whichever organization was told; the organization's own notice first."""
    found: dict[UUID, AbsenceNotice] = {}
    for notice, _ in await repository.within(uow.session, organization_id, students, day, day + _DAY):
        found.setdefault(notice.student_id, notice)
    return found


async def announced_in_daycare(
    uow: UnitOfWork, organization_id: UUID, students: Collection[UUID] | Select[UUID], since: dt.date, until: dt.date
) -> dict[tuple[UUID, dt.date], str]:
    """Codes of preschool groups for absences that were told ahead, by student and day within [since, until), whoever was told."""
    found: dict[tuple[UUID, dt.date], str] = {}
    for notice, code in await repository.within(uow.session, organization_id, students, since, until):
        day, last = max(notice.starts_on, since), min(notice.ends_on, until - _DAY)
        while day <= last:
            found.setdefault((notice.student_id, day), code)
            day += _DAY
    return found


async def apply_merges(uow: UnitOfWork, merges: Collection[tuple[UUID, UUID | None]]) -> None:
    """Let notices about a card be about the child it was merged into, or the card's own again."""
    for student_id, merged_into in merges:
        await move(uow.session, AbsenceNotice, student_id, merged_into)
