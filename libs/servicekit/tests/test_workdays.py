"""The production calendar."""

from datetime import date, timedelta

import pytest

from servicekit.workdays import add_workdays, is_workday

# Working days of a year in a five-day week, by the published production calendars.
PUBLISHED = {2024: 248, 2025: 247, 2026: 247}


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_year_has_as_many_working_days_as_published(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    assert sum(is_workday(day) for day in days if day.year == year) == PUBLISHED[year]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 4, 27), True),  # a Saturday given for 29 April
        (date(2024, 4, 29), False),
        (date(2025, 3, 10), True),  # 8 March was moved to 13 June
        (date(2025, 6, 13), False),
        (date(2026, 1, 9), False),
        (date(2026, 3, 9), False),  # 8 March is a Sunday
        (date(2026, 5, 11), False),  # 9 May is a Saturday
        (date(2026, 12, 31), False),
        (date(2027, 5, 3), False),  # without a decree yet: by the Labour Code alone
        (date(2027, 5, 10), False),
        (date(2027, 1, 11), True),
    ],
)
def test_days(day: date, worked: bool) -> None:
    assert is_workday(day) is worked


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 5), True),  # a Saturday
        (date(2026, 9, 6), False),
        (date(2026, 1, 9), True),  # what a five-day week has for Saturday 3 January
        (date(2026, 12, 31), False),  # for Sunday 4 January
        (date(2026, 3, 9), False),  # 8 March is a Sunday
        (date(2026, 5, 9), False),
        (date(2026, 5, 11), True),  # 9 May is a Saturday, worked or not
        (date(2024, 12, 28), True),
        (date(2024, 12, 30), True),  # the five-day week has it for Saturday 28 December
        (date(2025, 3, 10), True),
        (date(2025, 5, 8), False),  # for Sunday 23 February
        (date(2025, 6, 13), True),  # for Saturday 8 March
    ],
)
def test_days_of_a_six_day_week(day: date, worked: bool) -> None:
    assert is_workday(day, 6) is worked


def test_a_term_begins_the_day_after_and_ends_on_a_working_day() -> None:
    assert add_workdays(date(2026, 11, 2), 1) == date(2026, 11, 3)
    assert add_workdays(date(2026, 11, 3), 1) == date(2026, 11, 5)
    assert add_workdays(date(2026, 12, 25), 5) == date(2027, 1, 12)
    with pytest.raises(ValueError, match="at least one day"):
        add_workdays(date(2026, 11, 3), 0)
