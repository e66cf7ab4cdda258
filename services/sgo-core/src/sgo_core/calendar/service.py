"""Use cases of calendars, and what other slices ask: what a day is for a grade of an organization."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.calendar import repository
from sgo_core.calendar.errors import (
    CalendarYearError,
    DatesOrderError,
    GradesError,
    GradesTakenError,
    OutsideYearError,
    PeriodNumberError,
    SpecialDayError,
    TooManyDaysError,
)
from sgo_core.calendar.kinds import PERIODS
from sgo_core.calendar.model import CalendarSet, SpecialDay
from sgo_core.calendar.resolving import DayOfStudy, Plan, days_between
from sgo_core.calendar.schemas import SetIn, SetPatch, SpecialDayIn, SpecialDayPatch
from sgo_core.calendar.sources import load
from sgo_core.calendar.telling import tell_own
from sgo_core.cards.changing import change
from sgo_core.groups import service as groups
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations.scopes import kept, own_scope, readable, require_open, require_readable
from sgo_core.reference_books import service as reference_books

_LONGEST = 366
_SUNDAY = 7


@dataclass(frozen=True)
class YearPlan:
    """The calendar of a grade and the first and last day of its academic year."""

    academic_year: int
    first_day: date
    last_day: date
    plan: Plan


async def plan_of(uow: UnitOfWork, organization_id: UUID | None, academic_year: int, grade: int) -> YearPlan:
    """The calendar of an organization's grade (0: preschool groups) over a year; raises ``CalendarYearError``."""
    sources = await load(uow.session, [academic_year], [] if organization_id is None else [organization_id])
    if academic_year not in sources.years:
        raise CalendarYearError
    return YearPlan(academic_year, *sources.years[academic_year], sources.plan(organization_id, academic_year, grade))


async def day_of(uow: UnitOfWork, organization_id: UUID, grade: int, day: date) -> DayOfStudy:
    """Whether a day is one of study for an organization's grade (0: preschool groups), and what kind of day."""
    return (await _days(uow, organization_id, grade, day, day))[0]


async def read_plan(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, academic_year: int, grade: int
) -> YearPlan:
    """The calendar of a grade in an organization the caller sees, or the region's."""
    await require_readable(uow, principal, organization_id)
    return await plan_of(uow, organization_id, academic_year, grade)


async def read_days(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, grade: int, first: date, last: date
) -> Sequence[DayOfStudy]:
    """What the days of an interval, both ends included, are for a grade; no more than a year of them."""
    await require_readable(uow, principal, organization_id)
    if not 0 <= (last - first).days < _LONGEST:
        raise TooManyDaysError
    return await _days(uow, organization_id, grade, first, last)


async def _days(
    uow: UnitOfWork, organization_id: UUID | None, grade: int, first: date, last: date
) -> Sequence[DayOfStudy]:
    around = range(first.year - 1, last.year + 1)
    sources = await load(uow.session, around, [] if organization_id is None else [organization_id])
    plans = {year: sources.plan(organization_id, year, grade) for year in sources.years}
    found: list[DayOfStudy] = []
    for day in days_between(first, last):
        year = next((one for one, bounds in sources.years.items() if bounds[0] <= day <= bounds[1]), None)
        if year is None:
            raise CalendarYearError
        found.append(plans[year].day(day))
    return found


async def list_sets(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID | None,
    academic_year: int | None,
    limit: int,
    after: UUID | None,
) -> Sequence[CalendarSet]:
    """One page of what the region or an organization has set, and one more."""
    await require_readable(uow, principal, organization_id)
    return await repository.page_of_sets(uow.session, organization_id, academic_year, limit, after)


async def get_set(uow: UnitOfWork, principal: Principal, set_id: UUID) -> CalendarSet:
    """A set of the region or of an organization the caller sees; raises ``NotFoundError``."""
    return await readable(uow, principal, await repository.get_set(uow.session, set_id))


async def add_set(uow: UnitOfWork, principal: Principal, body: SetIn) -> CalendarSet:
    """Set periods or vacations of a year for some grades at the caller's own level."""
    created = CalendarSet(
        id=new_id(),
        organization_id=own_scope(principal),
        active=True,
        version=1,
        **body.model_dump(mode="json", exclude={"reason"}),
        **signature(Author(principal.account_id, body.reason), uow.now),
    )
    await _check_set(uow, created)
    uow.session.add(created)
    await _store(uow, created.organization_id, created.academic_year)
    return created


async def edit_set(uow: UnitOfWork, principal: Principal, set_id: UUID, version: int, body: SetPatch) -> CalendarSet:
    """Change dates or grades of a set of the caller's own level, or put it out of use; year and kind stay."""
    found = await kept(uow, principal, await repository.get_set(uow.session, set_id, lock=True), version)
    changes: dict[str, Any] = body.model_dump(exclude_unset=True, exclude={"reason", "intervals"})
    if "intervals" in body.model_fields_set:
        changes["intervals"] = [one.model_dump(mode="json") for one in body.intervals]
    if change(found, changes, Author(principal.account_id, body.reason), uow.now):
        await _check_set(uow, found)
        await _store(uow, found.organization_id, found.academic_year)
    return found


async def _check_set(uow: UnitOfWork, one: CalendarSet) -> None:
    """What the database refuses too, said clearly."""
    if one.grade_from > one.grade_to:
        raise GradesError
    with uow.session.no_autoflush:
        years = await groups.years_of(uow.session, [one.academic_year])
        if not years:
            raise CalendarYearError
        await require_open(uow, one.organization_id, years[0].starts_on)
    if len(one.intervals) != PERIODS.get(one.kind, len(one.intervals)):
        raise PeriodNumberError
    days = [date.fromisoformat(each[end]) for each in one.intervals for end in ("first_day", "last_day")]
    if any(not years[0].starts_on <= day < years[0].ends_on for day in days):
        raise OutsideYearError
    between = [(later - day).days for day, later in pairwise(days)]
    if any(
        gap < (place % 2) for place, gap in enumerate(between)
    ):  # a day for itself at least, and the next one after it
        raise DatesOrderError


async def _store(uow: UnitOfWork, organization_id: UUID | None, academic_year: int) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:
        raise GradesTakenError from None
    if organization_id is not None:
        await tell_own(uow, organization_id, academic_year)


async def list_special_days(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID | None,
    first: date | None,
    limit: int,
    after: UUID | None,
) -> Sequence[SpecialDay]:
    """One page of the special days of the region or of an organization from a day on, and one more."""
    await require_readable(uow, principal, organization_id)
    return await repository.page_of_days(uow.session, organization_id, first, limit, after)


async def get_special_day(uow: UnitOfWork, principal: Principal, day_id: UUID) -> SpecialDay:
    """A special day of the region or of an organization the caller sees; raises ``NotFoundError``."""
    return await readable(uow, principal, await repository.get_day(uow.session, day_id))


async def add_special_day(uow: UnitOfWork, principal: Principal, body: SpecialDayIn) -> SpecialDay:
    """Make a day one of study or of rest for some grades at the caller's own level."""
    created = SpecialDay(
        id=new_id(),
        organization_id=own_scope(principal),
        active=True,
        version=1,
        **body.model_dump(exclude={"reason"}),
        **signature(Author(principal.account_id, body.reason), uow.now),
    )
    await _check_day(uow, created, body.model_dump())
    uow.session.add(created)
    await _store_day(uow, created)
    return created


async def edit_special_day(
    uow: UnitOfWork, principal: Principal, day_id: UUID, version: int, body: SpecialDayPatch
) -> SpecialDay:
    """Change a special day of the caller's own level, or put it out of use; its date stays."""
    found = await kept(uow, principal, await repository.get_day(uow.session, day_id, lock=True), version)
    changes = body.model_dump(exclude_unset=True, exclude={"reason"})
    if change(found, changes, Author(principal.account_id, body.reason), uow.now):
        await _check_day(uow, found, changes)
        await _store_day(uow, found)
    return found


async def _check_day(uow: UnitOfWork, one: SpecialDay, changes: Mapping[str, Any]) -> None:
    with uow.session.no_autoflush:
        await require_open(uow, one.organization_id, one.day)
    if one.grade_from > one.grade_to:
        raise GradesError
    named = one.as_weekday is not None or one.day_kind is not None
    on_sunday = one.day.isoweekday() == _SUNDAY and one.as_weekday is None
    if (one.kind == "off" and named) or (one.kind == "study" and on_sunday):
        raise SpecialDayError
    if changes.get("day_kind") is not None:
        with uow.session.no_autoflush:
            await reference_books.require_entry(uow, "day_kinds", one.organization_id, changes["day_kind"])


async def _store_day(uow: UnitOfWork, one: SpecialDay) -> None:
    with uow.session.no_autoflush:
        years = await groups.years_of(uow.session, [one.day.year, one.day.year - 1])
    year = next((each.year for each in years if each.starts_on <= one.day < each.ends_on), None)
    if year is None:
        raise CalendarYearError
    await _store(uow, one.organization_id, year)


async def history_of(
    uow: UnitOfWork, found: CalendarSet | SpecialDay, limit: int, after: str | None
) -> Sequence[history.Change]:
    """One page of the history of a set or of a special day, and one more."""
    return await history.changes_of(uow, [type(found)], found.id, limit, after)
