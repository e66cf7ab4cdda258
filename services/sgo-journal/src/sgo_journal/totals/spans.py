"""What totals a class has in a school year: of each period of its calendar, of the year, of the exam, final."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sgo_journal.study.calendar import StudyCalendar


class Kind(StrEnum):
    """What a total is of."""

    PERIOD = "period"
    YEAR = "year"
    EXAM = "exam"
    FINAL = "final"


KIND_TITLES = {Kind.YEAR: "год", Kind.EXAM: "экзамен", Kind.FINAL: "итоговая"}

_PERIOD_TITLES = {
    "quarters": "четверть",
    "trimesters": "триместр",
    "half_years": "полугодие",
    "year": "учебный год",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A total's column: its kind, the number of the period (0 of others), what it is called, its days, both included."""

    kind: Kind
    period: int
    title: str
    first_day: dt.date
    last_day: dt.date

    @property
    def counted_on(self) -> dt.date:
        """Who is there on this day has a result: the day before the last, since who leaves on the last has been there to the end."""
        return max(self.first_day, self.last_day - dt.timedelta(1))

    @property
    def key(self) -> tuple[Kind, int]:
        """By what a column is named."""
        return self.kind, self.period


def spans_of(calendar: StudyCalendar, grade: int | None) -> Sequence[Span]:
    """Columns of the totals of a grade, in the order of the year.

    A year of study ends with its last period, not in August: who graduates in June has been there to its end. Totals of the year, of
    exams and final ones are open until the whole year is closed, after the exams.
    """
    of_grade = calendar.for_grade(grade)
    called = _PERIOD_TITLES.get(of_grade.period_kind or "", "период")
    periods = [
        Span(Kind.PERIOD, one.number, one.title or f"{one.number} {called}", one.first_day, one.last_day)
        for one in of_grade.periods
    ]
    ends = max((one.last_day for one in of_grade.periods), default=calendar.last_day)
    whole = [Span(kind, 0, title, calendar.first_day, ends) for kind, title in KIND_TITLES.items()]
    return [*periods, *whole]
