"""When a school year is studied: its periods and the vacations between them, as a region sets them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Days:
    """An interval of days, both included."""

    title: str
    first_day: date
    last_day: date

    def as_json(self) -> dict[str, str]:
        return {"title": self.title, "first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}


@dataclass(frozen=True)
class StudyYear:
    """The school year that begins on 1 September of ``year``. Vacations within it are whole weeks, the longest around the New Year."""

    year: int

    @property
    def first_day(self) -> date:
        return date(self.year, 9, 1)

    @property
    def last_day(self) -> date:
        return date(self.year + 1, 5, 26)

    @property
    def vacations(self) -> tuple[Days, ...]:
        later = self.year + 1
        return (
            _weeks("Осенние каникулы", date(self.year, 11, 1)),
            _weeks("Зимние каникулы", date(self.year, 12, 31), date(later, 1, 8)),
            _weeks("Весенние каникулы", date(later, 3, 27)),
            Days("Летние каникулы", self.last_day + _DAY, date(later, 8, 31)),
        )

    def sets(self) -> list[dict[str, Any]]:
        """The dates by kind, as the registry takes them: a class goes by those periods that its grade is set to."""
        quarters = list(self._quarters())
        halves = [(quarters[0][0], quarters[1][1]), (quarters[2][0], quarters[3][1])]
        return [
            _set("quarters", [Days(f"{n} четверть", *days) for n, days in enumerate(quarters, 1)]),
            _set("half_years", [Days(f"{n} полугодие", *days) for n, days in enumerate(halves, 1)]),
            _set("year", [Days("Учебный год", self.first_day, self.last_day)]),
            _set("vacations", self.vacations),
        ]

    def _quarters(self) -> Iterator[tuple[date, date]]:
        yield self.first_day, self.vacations[0].first_day - _DAY
        for before, after in pairwise(self.vacations):
            yield before.last_day + _DAY, after.first_day - _DAY

    def last_week_before(self, day: date) -> date | None:
        """Monday of the last whole week of study that is over before the week of a day; None where there is none yet."""
        week = min(monday(day) - _WEEK, monday(self.last_day + _DAY) - _WEEK)
        while any(one.first_day <= week <= one.last_day for one in self.vacations):
            week -= _WEEK
        return week if week >= self.first_day else None


def _weeks(title: str, first: date, last: date | None = None) -> Days:
    return Days(title, monday(first), monday(last or first) + _WEEK - _DAY)


def _set(kind: str, intervals: list[Days] | tuple[Days, ...]) -> dict[str, Any]:
    return {"kind": kind, "intervals": [one.as_json() for one in intervals]}
