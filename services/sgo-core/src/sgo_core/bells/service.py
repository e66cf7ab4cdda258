"""Use cases of shifts and lesson times."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.bells import repository
from sgo_core.bells.errors import (
    BellIntervalError,
    BellsTakenError,
    LessonOrderError,
    OutsideShiftError,
    ShiftExistsError,
    ShiftTimesError,
    UnknownShiftError,
)
from sgo_core.bells.events import bell_schedule_changed
from sgo_core.bells.model import BellSchedule, Shift
from sgo_core.bells.schemas import BellsIn, BellsPatch, ShiftIn, ShiftPatch
from sgo_core.calendar import service as calendar
from sgo_core.calendar.resolving import DayOfStudy
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.reference_books import service as reference_books
from sgo_core.settings import service as settings

_REGULAR = "regular"


async def list_shifts(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> Sequence[Shift]:
    """Shifts of an organization, by number."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.shifts(uow.session, organization_id)


async def open_shift(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: ShiftIn) -> Shift:
    """Enter a shift in which an organization teaches."""
    await organizations.require_visible(uow, principal, organization_id)
    if body.starts_at >= body.ends_at:
        raise ShiftTimesError
    shift = Shift(
        id=new_id(),
        organization_id=organization_id,
        active=True,
        version=1,
        **body.model_dump(),
        **signature(Author(principal.account_id, "Открытие смены"), uow.now),
    )
    uow.session.add(shift)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise ShiftExistsError from None
    return shift


async def edit_shift(uow: UnitOfWork, principal: Principal, shift_id: UUID, version: int, body: ShiftPatch) -> Shift:
    """Change when a shift begins and ends, or put it out of use; its lesson times must stay inside."""
    shift = await repository.get_shift(uow.session, shift_id)
    if shift is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, shift.organization_id)
    if shift.version != version:
        raise VersionMismatchError
    changes = body.model_dump(exclude_unset=True, exclude={"reason"})
    with uow.session.no_autoflush:
        change(shift, changes, Author(principal.account_id, body.reason), uow.now)
        if shift.starts_at >= shift.ends_at:
            raise ShiftTimesError
        for one in await repository.of_shift(uow.session, shift.organization_id, shift.number):
            _require_inside(one, shift)
    return shift


def _require_inside(one: BellSchedule, shift: Shift) -> None:
    inside = shift.starts_at <= one.lessons[0]["starts_at"] and one.lessons[-1]["ends_at"] <= shift.ends_at
    if not (shift.active and inside):
        raise OutsideShiftError


async def enter_bells(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: BellsIn) -> BellSchedule:
    """Enter lesson times of a shift."""
    await organizations.require_visible(uow, principal, organization_id)
    created = BellSchedule(
        id=new_id(),
        organization_id=organization_id,
        active=True,
        version=1,
        **body.model_dump(),
        **signature(Author(principal.account_id, "Внесение звонков"), uow.now),
    )
    await _check(uow, created, body.model_dump())
    uow.session.add(created)
    await _store(uow, created)
    return created


async def edit_bells(
    uow: UnitOfWork, principal: Principal, schedule_id: UUID, version: int, body: BellsPatch
) -> BellSchedule:
    """Change lesson times, or put them out of use."""
    found = await repository.get(uow.session, schedule_id, lock=True)
    if found is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, found.organization_id)
    if found.version != version:
        raise VersionMismatchError
    changes = body.model_dump(exclude_unset=True, exclude={"reason"})
    if change(found, changes, Author(principal.account_id, body.reason), uow.now):
        await _check(uow, found, changes)
        await _store(uow, found)
    return found


async def _check(uow: UnitOfWork, one: BellSchedule, changes: Mapping[str, Any]) -> None:
    """What the database refuses too, said clearly; and that the lessons lie in their shift, which is held meanwhile."""
    if one.grade_from > one.grade_to or (one.valid_to is not None and one.valid_to <= one.valid_from):
        raise BellIntervalError
    whole = all(lesson["starts_at"] < lesson["ends_at"] for lesson in one.lessons)
    in_order = all(
        before["number"] < after["number"] and before["ends_at"] <= after["starts_at"]
        for before, after in pairwise(one.lessons)
    )
    if not (whole and in_order):
        raise LessonOrderError
    with uow.session.no_autoflush:
        if "day_kind" in changes:
            await reference_books.require_entry(uow, "day_kinds", one.organization_id, one.day_kind)
        if one.active:
            shift = await repository.shift_of(uow.session, one.organization_id, one.shift)
            if shift is None:
                raise UnknownShiftError
            _require_inside(one, shift)


async def _store(uow: UnitOfWork, one: BellSchedule) -> None:
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise (UnknownShiftError if "fk_bell_schedule_shift" in str(error.orig) else BellsTakenError) from None
    uow.publish(bell_schedule_changed(one), version=one.version)


async def get_bells(uow: UnitOfWork, principal: Principal, schedule_id: UUID) -> BellSchedule:
    """Lesson times of an organization the caller sees; raises ``NotFoundError``."""
    found = await repository.get(uow.session, schedule_id)
    if found is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, found.organization_id)
    return found


async def list_bells(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, *, former: bool, limit: int, after: UUID | None
) -> Sequence[BellSchedule]:
    """One page of an organization's lesson times, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, former=former, limit=limit, after=after)


async def bells_on(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, grade: int, shift: int | None, day: date
) -> tuple[DayOfStudy, int, BellSchedule | None]:
    """What a day is for a grade, the shift asked for or the usual one, and its lesson times on a school day."""
    await organizations.require_visible(uow, principal, organization_id)
    if shift is None:
        shift = int(await settings.value_of(uow, "default_shift", organization_id, day))
    what = await calendar.day_of(uow, organization_id, grade, day)
    if what.weekday is None:
        return what, shift, None
    kind = what.day_kind or _REGULAR
    found = await repository.fitting(uow.session, organization_id, shift, kind, what.weekday, grade, day)
    return what, shift, found


async def history_of(
    uow: UnitOfWork, principal: Principal, schedule_id: UUID, limit: int, after: str | None
) -> Sequence[history.Change]:
    """One page of the history of lesson times, and one more."""
    await get_bells(uow, principal, schedule_id)
    return await history.changes_of(uow, [BellSchedule], schedule_id, limit, after)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """All lesson times, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(BellSchedule), BellSchedule.id):
        yield [Aggregate(bell_schedule_changed(one), one.updated_at, one.version) for one in chunk]
