"""Dates as the journal takes them in queries."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)

Day = Annotated[date, Query(ge=_FIRST, le=_LAST)]
"""A business date within the years a journal can be about."""

WEEK = timedelta(days=7)

_SEPTEMBER = 9


def is_near(year: int, today: date) -> bool:
    """Whether a school year is the last, this or the next one: what teachers prepare is of those, and they have partitions."""
    return abs(year - academic_year(today)) <= 1


def academic_year(day: date) -> int:
    """The school year a day lies in, by the calendar year it begins in: from 1 September to 31 August."""
    return day.year if day.month >= _SEPTEMBER else day.year - 1
