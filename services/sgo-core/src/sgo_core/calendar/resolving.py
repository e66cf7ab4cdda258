"""What a calendar says, of what the region and the organization have set. Pure: no database, no today."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from servicekit.workdays import is_workday

Level = Literal["region", "organization"]
Why = Literal["lessons", "special", "vacation", "holiday", "weekend", "outside"]
_DAY = timedelta(days=1)


def days_between(first: date, last: date) -> Iterator[date]:
    """Days of an interval, both ends included."""
    while first <= last:
        yield first
        first += _DAY


@dataclass(frozen=True)
class Dates:
    """An interval of days, both included; ``additional`` for vacations of some grades besides those of all."""

    first_day: date
    last_day: date
    title: str | None
    origin: Level
    additional: bool = False

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Special:
    """A day of study or of rest against the rule."""

    day: date
    study: bool
    title: str
    weekday: int
    """Whose timetable is kept on a day of study, 1 to 7."""
    day_kind: str | None
    origin: Level


@dataclass(frozen=True)
class DayOfStudy:
    """One day: whether there are lessons and why, in which period, by the timetable of which weekday, what kind of day."""

    day: date
    study: bool
    why: Why
    title: str | None = None
    period: int | None = None
    weekday: int | None = None
    day_kind: str | None = None


@dataclass(frozen=True)
class Plan:
    """The calendar of a grade, or of preschool groups, over an academic year.

    ``weeks``: from which day on how many days a week has. No ``periods``: nobody has set them, and there are no lessons.
    """

    period_kind: str | None
    periods: tuple[Dates, ...]
    vacations: tuple[Dates, ...]
    weeks: tuple[tuple[date, int], ...]
    special: tuple[Special, ...]

    def day(self, day: date) -> DayOfStudy:
        """What a day of the year is."""
        period = next((number for number, one in enumerate(self.periods, 1) if day in one), None)
        special = next((one for one in self.special if one.day == day), None)
        if special is not None:
            weekday = special.weekday if special.study else None
            return DayOfStudy(day, special.study, "special", special.title, period, weekday, special.day_kind)
        vacation = next((one for one in self.vacations if day in one), None)
        if vacation is not None:
            return DayOfStudy(day, False, "vacation", vacation.title, period)
        if period is None:
            return DayOfStudy(day, False, "outside")
        # A Saturday that the government has made a working day has lessons where a special day says so: it has no timetable.
        if day.weekday() >= self._week(day):
            return DayOfStudy(day, False, "weekend", None, period)
        if not is_workday(day, self._week(day)):
            return DayOfStudy(day, False, "holiday", None, period)
        return DayOfStudy(day, True, "lessons", None, period, day.isoweekday())

    def _week(self, day: date) -> int:
        return self.weeks[max(bisect_right(self.weeks, day, key=lambda one: one[0]), 1) - 1][1]

    def rests(self) -> tuple[date, ...]:
        """Days inside the periods that by their weekday would be days of study and are not."""
        return _rests(self)


@lru_cache(maxsize=512)
def _rests(plan: Plan) -> tuple[date, ...]:
    return tuple(
        day
        for period in plan.periods
        for day in days_between(period.first_day, period.last_day)
        if day.weekday() < plan._week(day) and not plan.day(day).study  # noqa: SLF001 - apart only to be remembered
    )
