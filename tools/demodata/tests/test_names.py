"""Endings follow gender; dates follow the school year."""

from datetime import date

import pytest

from demodata.dates import Calendar, full_years
from demodata.names import FATHERS, feminine, patronymic


@pytest.mark.parametrize(
    ("surname", "expected"),
    [
        *(("Иванов", "Иванова"), ("Алексеев", "Алексеева"), ("Соловьёв", "Соловьёва"), ("Пушкин", "Пушкина")),
        *(("Достоевский", "Достоевская"), ("Толстой", "Толстая"), ("Белый", "Белая"), ("Авдеенко", "Авдеенко")),
        *(("Черных", "Черных"), ("Адамович", "Адамович")),
    ],
)
def test_a_woman_bears_the_feminine_form(surname: str, expected: str) -> None:
    assert feminine(surname) == expected


def test_patronymics() -> None:
    assert patronymic("Сергей", male=True) == "Сергеевич"
    assert patronymic("Юрий", male=False) == "Юрьевна"
    assert all(patronymic(father, male=True).endswith("ич") for father in FATHERS)


@pytest.mark.parametrize(
    ("as_of", "year", "week"),
    [
        (date(2026, 11, 24), 2026, date(2026, 11, 16)),
        (date(2026, 9, 1), 2026, date(2026, 8, 31)),
        (date(2027, 8, 31), 2026, date(2027, 5, 17)),
        (date(2027, 1, 10), 2026, date(2026, 12, 21)),
    ],
)
def test_the_calendar_lies_around_the_day(as_of: date, year: int, week: date) -> None:
    calendar = Calendar(as_of)
    assert calendar.academic_year == year
    assert calendar.lesson_week == week
    assert calendar.opens_at < calendar.last_filed_at < calendar.closes_at


def test_full_years() -> None:
    assert full_years(date(2020, 9, 2), date(2026, 9, 1)) == 5
    assert full_years(date(2020, 9, 1), date(2026, 9, 1)) == 6
