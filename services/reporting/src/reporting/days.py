"""Days and instants that may be asked for, and the academic year a day is in."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""No fact is of a day before or after; far days would run out of what a date can be."""
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC),
        le=datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC),
    ),
]
"""By when something was to be recorded; an instant has a zone."""


def academic_year(day: date) -> int:
    """The calendar year in which the academic year of a day began: on 1 September."""
    return day.year if day >= date(day.year, 9, 1) else day.year - 1


def year_begins(year: int) -> date:
    """The first day of an academic year."""
    return date(year, 9, 1)
