"""From a weekly template to dated slots. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import chain

from sgo_journal.study.bells import Bells, Times
from sgo_journal.study.calendar import REGULAR, StudyCalendar
from sgo_journal.timetable.values import Line, Parity, Slot

_DAY = timedelta(days=1)


def monday(day: date) -> date:
    """The first day of the ISO week of a day."""
    return day - timedelta(days=day.weekday())


def parity_of(day: date, first_study_day: date) -> Parity:
    """Whether the week of a day is odd or even: weeks are counted from the one in which study begins, vacations included."""
    weeks = (monday(day) - monday(first_study_day)).days // 7
    return Parity.EVEN if weeks % 2 else Parity.ODD


def days(since: date, until: date) -> Iterator[date]:
    """Days of [since, until)."""
    while since < until:
        yield since
        since += _DAY


@dataclass(frozen=True)
class Year:
    """What dates follow from: the calendar of each grade and the bells."""

    calendar: StudyCalendar
    bells: Bells

    @cached_property
    def first_study_day(self) -> date:
        """The first day of study in the organization, from which weeks are counted; the year's first day, where there is none."""
        first = self.calendar.first_day
        firsts = [next(one.study_days(first, self.until), None) for _, _, one in self.calendar.grades]
        return min((day for day in firsts if day is not None), default=first)

    @property
    def until(self) -> date:
        """The day after the last one of the year."""
        return self.calendar.last_day + _DAY

    def times(self, grade: int | None, shift: int, day: date) -> Times:
        """Lesson times of a day of study; where its kind of day has none, those of a regular day."""
        calendar = self.calendar.for_grade(grade)
        weekday, kind = calendar.weekday_of(day), calendar.day_kind(day)
        if weekday is None or kind is None:
            return {}
        found = self.bells.times(kind, weekday, grade, shift, day)
        return found or self.bells.times(REGULAR, weekday, grade, shift, day)


def dated(lines: Iterable[Line], year: Year, since: date, until: date) -> list[Slot]:
    """Slots of [since, until), by day, in the order of the lines.

    A day for which the calendar names another weekday follows that one's lines. A number that has no time on a day (a shortened day
    with fewer lessons) gives no slot.
    """
    of_grade: dict[tuple[int | None, int], list[Line]] = {}
    for line in lines:
        of_grade.setdefault((line.learners.grade, line.learners.shift), []).append(line)
    by_day = {day: list(_of_day(of_grade, year, day)) for day in days(since, until)}
    return list(chain.from_iterable(by_day.values()))


def _of_day(of_grade: dict[tuple[int | None, int], list[Line]], year: Year, day: date) -> Iterator[Slot]:
    parity = parity_of(day, year.first_study_day)
    for (grade, shift), lines in of_grade.items():
        calendar = year.calendar.for_grade(grade)
        if not calendar.is_study_day(day):
            continue
        weekday = calendar.weekday_of(day)
        times = year.times(grade, shift, day)
        for line in lines:
            in_week = line.parity in {Parity.EVERY, parity}
            if line.weekday == weekday and in_week and line.learners.since <= day < line.learners.until:
                yield from _slots(line, day, times)


def _slots(line: Line, day: date, times: Times) -> Iterator[Slot]:
    for number in range(line.number, line.number + line.length):
        if number in times:
            starts_at, ends_at = times[number]
            yield Slot(
                source=line.id,
                journal_id=line.journal_id,
                learners=line.learners,
                day=day,
                number=number,
                starts_at=starts_at,
                ends_at=ends_at,
                teachers=line.teachers,
                room_id=line.room_id,
            )
