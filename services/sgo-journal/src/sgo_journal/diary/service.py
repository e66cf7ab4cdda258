"""A student's week, for the family and for the staff of the organization."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from asu_contracts.access import FAMILY, Role
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import WEEK
from sgo_journal.diary import news, repository, week
from sgo_journal.diary.errors import DiaryPeriodError, NotMondayError, WeekAheadError
from sgo_journal.journals import service as journals
from sgo_journal.rosters import access
from sgo_journal.rosters import service as rosters

_OLDEST_NEWS = dt.timedelta(days=31)
_AHEAD = dt.timedelta(days=14)
_LONGEST = dt.timedelta(days=366)


async def read_week(uow: UnitOfWork, principal: Principal, student_id: UUID, monday: dt.date) -> tuple[str, str]:
    """A student's lessons of the week that begins on ``monday``, and what stands beside them, as ``week`` writes both.

    A student sees the own diary, a guardian every organization's lessons of a child whose guardianship is in force today and
    lets the guardian see; staff see those of their own organization if the child was in it that week, a teacher only those the
    teacher sees, and the reading is audited. Anyone else finds nothing.
    """
    if monday.weekday() != 0:
        raise NotMondayError
    if principal.role in FAMILY and principal.person_id is None:
        raise NotFoundError
    today = uow.clock.today()
    asked = await _asked(uow, principal, student_id, monday)
    days = await week.days(uow.session, asked)
    if days is None:
        raise NotFoundError
    beside = await week.beside(uow.session, asked, today + _AHEAD)
    await _audited(uow, principal, "student.diary.read", student_id)
    return days, beside


async def _asked(uow: UnitOfWork, principal: Principal, student_id: UUID, monday: dt.date) -> week.Asked:
    asked = week.Asked(
        student_id, monday, monday + WEEK, uow.clock.today(), organization=principal.unit.organization_id
    )
    match principal.role:
        case Role.STUDENT if principal.person_id == student_id:
            return replace(asked, itself=True)
        case Role.GUARDIAN:
            return replace(asked, guardian=principal.person_id)
        case Role.TEACHER:
            return replace(asked, teacher=principal.person_id, journals=await _journals(uow, principal))
    return asked


async def _journals(uow: UnitOfWork, principal: Principal) -> Sequence[UUID] | None:
    """A teacher's journals; of others none are asked about."""
    if principal.role is not Role.TEACHER:
        return None
    return (await uow.session.scalars(journals.own_of(principal, uow.clock.today()))).all()


def _may(
    uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date
) -> ColumnElement[bool]:
    if principal.role in FAMILY:
        return access.is_family(principal, student_id, uow.clock.today())
    return access.was_in(principal.unit.organization_id, student_id, since, until)


async def _audited(uow: UnitOfWork, principal: Principal, action: str, student_id: UUID) -> None:
    """A family's own reading is nobody's."""
    if principal.role not in FAMILY:
        await audit.record(uow, principal, action, [student_id])


async def _require_family(uow: UnitOfWork, principal: Principal, student_id: UUID) -> UUID:
    """The reader; raises ``NotFoundError`` unless it is the child or a guardian who may see it today."""
    may = access.is_family(principal, student_id, uow.clock.today())
    if principal.person_id is None or not await repository.may_see(uow.session, may):
        raise NotFoundError
    return principal.person_id


async def read_news(
    uow: UnitOfWork, principal: Principal, student_id: UUID, after: news.Place | None, limit: int
) -> Sequence[Any]:
    """What was written since the reader's last visit, a month at most, the newest first; one more than ``limit``."""
    reader = await _require_family(uow, principal, student_id)
    return await news.page(uow.session, _since(uow, reader), student_id, after, limit)


def _since(uow: UnitOfWork, reader: UUID) -> news.Since:
    today = uow.clock.today()
    return news.Since(reader, uow.now - _OLDEST_NEWS, today, today - 2 * _OLDEST_NEWS, today + _OLDEST_NEWS)


async def list_diaries(
    uow: UnitOfWork, principal: Principal, after: UUID | None, limit: int
) -> list[tuple[UUID, str | None, int]]:
    """Diaries the caller may read today: whose, the name, how much is new there; one more than ``limit``."""
    reader = principal.person_id
    if reader is None:
        raise NotFoundError
    if principal.role is Role.GUARDIAN:
        children = await rosters.list_children(uow, reader, after, limit)
    else:
        names = await rosters.names_of(uow, [reader])
        children = [] if after is not None else [(reader, names.get(reader))]
    counts = await news.count(uow.session, _since(uow, reader), [student for student, _ in children])
    return [(student, name, counts[student]) for student, name in children]


async def visit(uow: UnitOfWork, principal: Principal, student_id: UUID, seen_to: dt.datetime) -> dt.datetime:
    """Let what was written up to an instant be old to the reader; never later than now, never back."""
    reader = await _require_family(uow, principal, student_id)
    return await repository.visit(uow.session, student_id, reader, max(min(seen_to, uow.now), uow.now - _OLDEST_NEWS))


async def acknowledge(uow: UnitOfWork, principal: Principal, student_id: UUID, monday: dt.date) -> None:
    """A guardian has looked a week through; raises ``NotMondayError``, ``WeekAheadError``."""
    if monday.weekday() != 0:
        raise NotMondayError
    reader = await _require_family(uow, principal, student_id)
    if monday > uow.clock.today():
        raise WeekAheadError
    await repository.acknowledge(uow.session, student_id, monday, reader, uow.now)


async def attended(
    uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date
) -> Sequence[Any]:
    """Lessons of [since, until] by what is noted of presence, to a teacher of those the teacher sees; staff's reading is audited.

    Raises ``DiaryPeriodError``, ``NotFoundError``.
    """
    if not since <= until <= since + _LONGEST:
        raise DiaryPeriodError
    may = _may(uow, principal, student_id, since, until + dt.timedelta(days=1))
    if not await repository.may_see(uow.session, may):
        raise NotFoundError
    await _audited(uow, principal, "student.attendance.read", student_id)
    return await repository.attended(
        uow.session,
        student=student_id,
        since=since,
        until=until,
        today=uow.clock.today(),
        organization=principal.unit.organization_id,
        teacher=principal.person_id,
        journals=await _journals(uow, principal),
    )
