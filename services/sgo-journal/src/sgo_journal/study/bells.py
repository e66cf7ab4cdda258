"""When lessons start and end. Pure: no database, no today. The rules are those of ``asu_contracts.core.BellScheduleChanged``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType

Times = Mapping[int, tuple[time, time]]
"""By the number of a lesson, when it starts and when it ends."""

_NOTHING: Times = MappingProxyType({})
_FIRST_SHIFT = 1


@dataclass(frozen=True, slots=True)
class LessonTimes:
    """Lesson times of a shift for some weekdays of a kind of day, grades (both included, 0: none), days of [valid_from, valid_to)."""

    shift: int
    day_kind: str
    weekdays: frozenset[int]
    grade_from: int
    grade_to: int
    valid_from: date
    valid_to: date | None
    lessons: Times

    def fits(self, day_kind: str, weekday: int, grade: int, shift: int, day: date) -> bool:
        """Whether lessons of the grade in the shift go by these times on the day."""
        in_force = self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
        for_them = self.shift == shift and self.grade_from <= grade <= self.grade_to
        return in_force and for_them and self.day_kind == day_kind and weekday in self.weekdays


@dataclass(frozen=True, slots=True)
class Bells:
    """All lesson times in use of an organization, those in force since later first."""

    schedules: tuple[LessonTimes, ...]

    def times(self, day_kind: str, weekday: int, grade: int | None, shift: int | None, day: date) -> Times:
        """Lessons of the day by number; none where nobody has set any.

        ``day_kind`` and ``weekday`` are what the calendar says of the day. A class without a ``shift`` studies in the first.
        Core lets at most one schedule fit; while its messages are under way two may: the one in force since later counts.
        """
        fitting = (one for one in self.schedules if one.fits(day_kind, weekday, grade or 0, shift or _FIRST_SHIFT, day))
        found = next(fitting, None)
        return _NOTHING if found is None else found.lessons
