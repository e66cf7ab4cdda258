"""Working days by the production calendar (``workdays.yaml``): terms of the law are counted in them."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from servicekit.packaged import read_yaml

_DAY = timedelta(days=1)


@cache
def _calendar() -> Mapping[str, Any]:
    calendar: Mapping[str, Any] = read_yaml("servicekit", "workdays.yaml")
    return calendar


@cache
def _year(year: int, week: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off that are no days of rest by nature, and days of rest that are worked.

    In a week of six days Saturday is worked, so a day of rest is never moved from it.
    """

    def day(text: str) -> date:
        return date.fromisoformat(f"{year}-{text}")

    calendar = _calendar()
    moved = {day(gained): day(given) for gained, given in calendar["years"].get(year, {"moved": {}})["moved"].items()}
    moved = {gained: given for gained, given in moved.items() if given.weekday() >= week}
    holidays = {day(text) for text in calendar["holidays"]}
    off = holidays | moved.keys()
    worked = frozenset(given for given in moved.values() if given not in holidays)
    for holiday in sorted(holidays):
        if holiday.weekday() < week or holiday.month in calendar["stays_in"] or holiday in moved.values():
            continue
        gained = holiday + _DAY
        while gained in off or gained.weekday() >= week:
            gained += _DAY
        off.add(gained)
    return frozenset(off), worked


def is_workday(day: date, week: int = 5) -> bool:
    """Whether a day is worked in a week of five days, or of six."""
    off, worked = _year(day.year, week)
    return day in worked or (day.weekday() < week and day not in off)


def add_workdays(day: date, count: int) -> date:
    """The last day of a term of ``count`` working days that runs from ``day``.

    It is counted from the next day (Civil Code, article 191).
    """
    if count < 1:
        raise ValueError("a term has at least one day")
    while count:
        day += _DAY
        count -= is_workday(day)
    return day
