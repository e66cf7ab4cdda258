"""The school year as the demo's region sets it, for each day it may be shown on."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from demodata.dates import Calendar
from demodata.studyyear import StudyYear

DAY = timedelta(days=1)
PERIODS = {"quarters": 4, "half_years": 2, "year": 1}


def intervals(one: dict[str, Any]) -> list[tuple[date, date]]:
    days = one["intervals"]
    return [(date.fromisoformat(each["first_day"]), date.fromisoformat(each["last_day"])) for each in days]


@pytest.mark.parametrize("year", range(2020, 2050))
def test_periods_and_vacations_fill_the_year_without_a_gap(year: int) -> None:
    sets = {one["kind"]: intervals(one) for one in StudyYear(year).sets()}
    assert {kind: len(sets[kind]) for kind in PERIODS} == PERIODS
    for kind in ("quarters", "half_years", "year"):
        assert (sets[kind][0][0], sets[kind][-1][1]) == (date(year, 9, 1), date(year + 1, 5, 26))
    together = sorted(sets["quarters"] + sets["vacations"])
    assert all(before[1] + DAY == after[0] for before, after in pairwise(together))
    assert together[-1][1] == date(year + 1, 8, 31)
    winter = sets["vacations"][1]
    assert winter[0] <= date(year + 1, 1, 1) <= date(year + 1, 1, 8) <= winter[1]


@pytest.mark.parametrize("year", range(2024, 2032))
def test_a_week_of_lessons_is_over_and_lies_in_no_vacation(year: int) -> None:
    """Or, while none is over yet, is the running one."""
    vacations = next(intervals(one) for one in StudyYear(year).sets() if one["kind"] == "vacations")
    for offset in range(365):
        as_of = date(year, 9, 1) + offset * DAY
        week = Calendar(as_of).lesson_week
        assert week.weekday() == 0
        if week < date(year, 9, 1) or week + 6 * DAY >= as_of:
            assert week <= as_of < date(year, 9, 15)
        else:
            assert not any(first <= week + day * DAY <= last for first, last in vacations for day in range(5))
