"""Calendars, bells and lines to test the timetable with."""

from collections.abc import Collection, Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from sgo_journal.study.bells import Bells, LessonTimes, Times
from sgo_journal.study.calendar import REGULAR, Dates, GradeCalendar, StudyCalendar
from sgo_journal.timetable.dating import Year
from sgo_journal.timetable.values import Learners, Line, Slot

SEPTEMBER = date(2026, 9, 1)
"""A Tuesday."""
MONDAY = date(2026, 9, 7)
MAY = date(2027, 5, 29)


def days(
    rests: Collection[date] = (), moved: Mapping[date, int] | None = None, kinds: Mapping[date, str] | None = None
) -> GradeCalendar:
    """Monday to Friday, but for days of rest; some days follow another weekday or are of a kind."""
    special = {day: (weekday, REGULAR) for day, weekday in (moved or {}).items()}
    special |= {day: (day.isoweekday(), kind) for day, kind in (kinds or {}).items()}
    whole = Dates(1, SEPTEMBER, MAY - timedelta(days=1))
    return GradeCalendar("year", (whole,), (), ((SEPTEMBER, 5),), frozenset(rests), special)


def ring(first: time, count: int, minutes: int = 40) -> dict[int, tuple[time, time]]:
    """Lessons of so many minutes with breaks of ten."""
    starts = [first.hour * 60 + first.minute + number * (minutes + 10) for number in range(count)]
    return {
        number: (time(*divmod(at, 60)), time(*divmod(at + minutes, 60))) for number, at in enumerate(starts, start=1)
    }


def _times(kind: str, shift: int, lessons: Times) -> LessonTimes:
    return LessonTimes(shift, kind, frozenset(range(1, 8)), 0, 11, SEPTEMBER, None, lessons)


BELLS = Bells(
    (
        _times(REGULAR, 1, ring(time(8), 7)),
        _times(REGULAR, 2, ring(time(13, 10), 6)),
        _times("shortened", 1, ring(time(8), 4, 30)),
    )
)
"""Two shifts: at 8:00 and at 13:10; shortened days have four lessons of half an hour."""


def year(of_all: GradeCalendar | None = None, grades: Mapping[int, GradeCalendar] | None = None) -> Year:
    """A year in which all grades have one calendar, but for those that have their own."""
    own = tuple((grade, grade, one) for grade, one in (grades or {}).items())
    return Year(StudyCalendar(2026, SEPTEMBER, MAY, (*own, (0, 11, of_all or days()))), BELLS)


def school_class(**more: Any) -> Learners:
    own = new_id()
    return Learners(own, frozenset([own]), **{"grade": 5, "shift": 1, "since": SEPTEMBER, "until": MAY, **more})


def subgroup(of: Learners, *students: UUID, division: UUID | None = None) -> Learners:
    return Learners(
        new_id(), of.classes, of.grade, of.shift, of.since, of.until, division or new_id(), frozenset(students)
    )


def line(learners: Learners, weekday: int = 1, number: int = 1, **more: Any) -> Line:
    given: dict[str, Any] = {"journal_id": new_id(), "teachers": (new_id(),), **more}
    return Line(new_id(), learners=learners, weekday=weekday, number=number, **given)


def slot(learners: Learners, day: date = MONDAY, number: int = 1, **more: Any) -> Slot:
    starts_at, ends_at = BELLS.times(REGULAR, 1, 5, learners.shift, day)[number]
    given: dict[str, Any] = {"source": new_id(), "journal_id": new_id(), "teachers": (new_id(),), **more}
    return Slot(learners=learners, day=day, number=number, starts_at=starts_at, ends_at=ends_at, **given)


WEEK = timedelta(days=7)
