"""What the calendar of an organization says of each day. Pure: no database, no today.

The rules are those of ``asu_contracts.core.CalendarChanged`` and ``GradeCalendar``.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from asu_contracts.core import CalendarDates
from asu_contracts.core import GradeCalendar as ToldGrades

REGULAR = "regular"
"""Kind of a day of study for which a calendar names none."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dates:
    """A study period or a vacation, both days included; ``number`` is its place among its like, from 1.

    ``additional``: a vacation of some grades besides those of all.
    """

    number: int
    first_day: date
    last_day: date
    title: str | None = None
    additional: bool = False

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class GradeCalendar:
    """The calendar of a grade, or of groups that have none.

    ``weeks``: from which day on how many days a week has, in order; ``special``: days of study whatever the rule says, with the
    weekday (1 to 7) whose timetable they keep and their kind. Without ``periods`` no other day is one of study.
    """

    period_kind: str | None = None
    periods: tuple[Dates, ...] = ()
    vacations: tuple[Dates, ...] = ()
    weeks: tuple[tuple[date, int], ...] = ()
    rests: frozenset[date] = frozenset()
    special: Mapping[date, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, told: ToldGrades) -> Self:
        """The calendar as core told it."""
        return cls(
            period_kind=told.period_kind,
            periods=_numbered(told.periods),
            vacations=_numbered(told.vacations),
            weeks=tuple((one.first_day, one.days) for one in told.weeks),
            rests=frozenset(told.rests),
            special={one.day: (one.weekday, one.day_kind or REGULAR) for one in told.special_days},
        )

    def is_study_day(self, day: date) -> bool:
        """Whether there are lessons on the day."""
        if day in self.special:
            return True
        return self.period_of(day) is not None and day.isoweekday() <= self.week_of(day) and day not in self.rests

    def weekday_of(self, day: date) -> int | None:
        """Whose timetable the day keeps, 1 to 7: a moved day that of another weekday; none without lessons."""
        if day in self.special:
            return self.special[day][0]
        return day.isoweekday() if self.is_study_day(day) else None

    def day_kind(self, day: date) -> str | None:
        """Code of the book ``day_kinds`` that lesson times go by; none without lessons."""
        if day in self.special:
            return self.special[day][1]
        return REGULAR if self.is_study_day(day) else None

    def period_of(self, day: date) -> Dates | None:
        """The study period the day lies in; of a day of study outside of them, none."""
        return next((one for one in self.periods if day in one), None)

    def study_days(self, since: date, until: date) -> Iterator[date]:
        """Days of study within [since, until), in order."""
        while since < until:
            if self.is_study_day(since):
                yield since
            since += _DAY

    def week_of(self, day: date) -> int:
        """Days of study in the week of a day; the first that is known holds for the days before it."""
        known = bisect_right(self.weeks, day, key=lambda one: one[0])
        return self.weeks[max(known - 1, 0)][1] if self.weeks else 0


def _numbered(told: Sequence[CalendarDates]) -> tuple[Dates, ...]:
    return tuple(
        Dates(number, one.first_day, one.last_day, one.title, one.additional) for number, one in enumerate(told, 1)
    )


@dataclass(frozen=True, slots=True)
class StudyCalendar:
    """The calendar of an organization over the school year [first_day, last_day], both included.

    ``grades``: lowest and highest grade, both included (0 stands for groups without one), and their calendar.
    """

    academic_year: int
    first_day: date
    last_day: date
    grades: tuple[tuple[int, int, GradeCalendar], ...]

    @classmethod
    def of(cls, academic_year: int, first_day: date, last_day: date, told: Sequence[ToldGrades]) -> Self:
        """The calendar as core told it."""
        grades = tuple((one.grade_from or 0, one.grade_to or 0, GradeCalendar.of(one)) for one in told)
        return cls(academic_year, first_day, last_day, grades)

    def for_grade(self, grade: int | None) -> GradeCalendar:
        """The calendar of a grade, or of groups without one; where nothing is told of it, one without days of study."""
        return self.told_of(grade) or _NOTHING

    def told_of(self, grade: int | None) -> GradeCalendar | None:
        """The calendar of a grade, or of groups without one; none where nothing is told of it."""
        wanted = grade or 0
        return next((one for lowest, highest, one in self.grades if lowest <= wanted <= highest), None)


_NOTHING = GradeCalendar()
