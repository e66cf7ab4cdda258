"""A period cut into months, or into the study periods of a class."""

import datetime as dt
from collections.abc import Iterator

from sgo_journal.printouts.facts import Span
from sgo_journal.study.calendar import GradeCalendar

_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_PERIODS = {"quarters": "четверть", "trimesters": "триместр", "half_years": "полугодие", "year": "год"}
_DAY = dt.timedelta(days=1)


def months(since: dt.date, until: dt.date) -> Iterator[Span]:
    """Months of [since, until], the first and the last as far as they belong to it."""
    first = since
    while first <= until:
        following = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        yield Span(f"{_MONTHS[first.month - 1]} {first.year}", first, min(until, following - _DAY))
        first = following


def periods(calendar: GradeCalendar | None, since: dt.date, until: dt.date) -> Iterator[Span]:
    """Study periods that lie in [since, until], at least in part."""
    if calendar is None:
        return
    kind = _PERIODS.get(calendar.period_kind or "", "период")
    for one in calendar.periods:
        if one.first_day <= until and one.last_day >= since:
            yield Span(one.title or f"{one.number} {kind}", max(since, one.first_day), min(until, one.last_day))
