"""What calendars are resolved from: sets, special days and settings of the region and of some organizations, read at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.calendar import repository
from sgo_core.calendar.kinds import (
    FIRST_GRADE,
    FIRST_GRADE_WEEK,
    PRESCHOOL,
    SETTINGS_READ,
    VACATIONS,
    period_setting,
    week_setting,
)
from sgo_core.calendar.model import CalendarSet, SpecialDay
from sgo_core.calendar.resolving import Dates, Level, Plan, Special
from sgo_core.groups import service as groups
from sgo_core.settings import service as settings
from sgo_core.settings.effective import Timeline

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sources:
    """Everything set for some years by the region and some organizations; ``years``: first and last day."""

    years: Mapping[int, tuple[date, date]]
    sets: Mapping[UUID | None, Sequence[CalendarSet]]
    days: Mapping[UUID | None, Sequence[SpecialDay]]
    timeline: Timeline

    def plan(self, organization_id: UUID | None, year: int, grade: int) -> Plan:
        """The calendar of an organization's grade (0: of its preschool groups); without an organization, the region's."""
        first, last = self.years[year]
        weeks = self.timeline.turns(week_setting(grade), organization_id, first, last)
        if grade == FIRST_GRADE:
            weeks = [(first, FIRST_GRADE_WEEK)]
        kind: str | None = None
        periods: tuple[Dates, ...]
        vacations: tuple[Dates, ...] = ()
        if grade == PRESCHOOL:
            periods = (Dates(first, last, None, "region"),)
        else:
            # The kind of periods holds for a whole year: what is set in its midst waits for the next.
            kind = str(self.timeline.at(period_setting(grade), organization_id, first).value)
            periods = self._dates(organization_id, year, grade, kind)
            vacations = tuple(one for name in VACATIONS for one in self._dates(organization_id, year, grade, name))
        return Plan(kind, periods, vacations, tuple(weeks), self._special(organization_id, first, last, grade))

    def _dates(self, organization_id: UUID | None, year: int, grade: int, kind: str) -> tuple[Dates, ...]:
        """Dates of the organization's own set of a kind for a grade, else of the region's."""
        chosen = next(
            (
                one
                for scope in (organization_id, None)
                for one in self.sets.get(scope, ())
                if one.academic_year == year and one.kind == kind and one.grade_from <= grade <= one.grade_to
            ),
            None,
        )
        if chosen is None:
            return ()
        return tuple(
            Dates(
                date.fromisoformat(one["first_day"]),
                date.fromisoformat(one["last_day"]),
                one["title"],
                _level(chosen.organization_id),
                additional=kind == VACATIONS[1],
            )
            for one in chosen.intervals
        )

    def _special(self, organization_id: UUID | None, first: date, last: date, grade: int) -> tuple[Special, ...]:
        fitting = {
            one.day: one
            for scope in (None, organization_id)  # the organization's own day last, so that it stands over the region's
            for one in self.days.get(scope, ())
            if first <= one.day <= last and one.grade_from <= grade <= one.grade_to
        }
        return tuple(
            Special(
                day,
                one.kind == "study",
                one.title,
                one.as_weekday or day.isoweekday(),
                one.day_kind,
                _level(one.organization_id),
            )
            for day, one in sorted(fitting.items())
        )


def _level(organization_id: UUID | None) -> Level:
    return "region" if organization_id is None else "organization"


_Row = TypeVar("_Row", CalendarSet, SpecialDay)


def _by_level(rows: Iterable[_Row]) -> Mapping[UUID | None, Sequence[_Row]]:
    found: dict[UUID | None, list[_Row]] = {}
    for one in rows:
        found.setdefault(one.organization_id, []).append(one)
    return found


async def load(session: AsyncSession, years: Iterable[int], organization_ids: Collection[UUID]) -> Sources:
    """Read what the calendars of some years and organizations are resolved from."""
    bounds = {one.year: (one.starts_on, one.ends_on - _DAY) for one in await groups.years_of(session, set(years))}
    if not bounds:
        return Sources({}, {}, {}, Timeline(()))
    first, last = min(one[0] for one in bounds.values()), max(one[1] for one in bounds.values())
    return Sources(
        bounds,
        _by_level(await repository.sets(session, bounds.keys(), organization_ids)),
        _by_level(await repository.special_days(session, first, last, organization_ids)),
        await settings.timeline(session, SETTINGS_READ, organization_ids),
    )
