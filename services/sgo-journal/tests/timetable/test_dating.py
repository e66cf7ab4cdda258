from datetime import date, time, timedelta
from typing import Any

from sgo_journal.study.calendar import GradeCalendar
from sgo_journal.timetable.dating import dated, parity_of
from sgo_journal.timetable.values import Line, Parity

from .weeks import MAY, MONDAY, SEPTEMBER, WEEK, days, line, school_class, year


def places(
    *lines: Line, of_all: GradeCalendar | None = None, since: date = MONDAY, until: date = MONDAY + WEEK
) -> list[tuple[date, int]]:
    return [(slot.day, slot.number) for slot in dated(lines, year(of_all), since, until)]


def test_a_line_stands_on_its_weekday_at_the_bells_of_its_shift() -> None:
    first, second = dated(
        [line(school_class(), 3, 2), line(school_class(shift=2), 3, 2)], year(), MONDAY, MONDAY + WEEK
    )
    assert first.day == second.day == MONDAY + timedelta(days=2)
    assert (first.starts_at, first.ends_at) == (time(8, 50), time(9, 30))
    assert (second.starts_at, second.ends_at) == (time(14, 0), time(14, 40))


def test_a_double_lesson_takes_two_numbers() -> None:
    assert places(line(school_class(), 1, 3, length=2)) == [(MONDAY, 3), (MONDAY, 4)]


def test_weeks_are_odd_and_even_from_the_one_study_begins_in() -> None:
    assert parity_of(SEPTEMBER, SEPTEMBER) is Parity.ODD
    assert parity_of(MONDAY - timedelta(days=1), SEPTEMBER) is Parity.ODD
    assert parity_of(MONDAY, SEPTEMBER) is Parity.EVEN
    month: dict[str, Any] = {"since": SEPTEMBER, "until": MONDAY + 3 * WEEK}
    odd = [day for day, _ in places(line(school_class(), 2, parity=Parity.ODD), **month)]
    even = [day for day, _ in places(line(school_class(), 2, parity=Parity.EVEN), **month)]
    assert odd == [SEPTEMBER, SEPTEMBER + 2 * WEEK]
    assert even == [SEPTEMBER + WEEK, SEPTEMBER + 3 * WEEK]


def test_study_that_begins_on_a_monday_after_the_first_of_september_begins_with_an_odd_week() -> None:
    assert parity_of(date(2024, 9, 2), date(2024, 9, 2)) is Parity.ODD


def test_a_moved_day_follows_the_weekday_the_calendar_names() -> None:
    saturday = MONDAY + timedelta(days=5)
    of_all = days(rests=[MONDAY], moved={saturday: 1})
    assert places(line(school_class(), 1, 2), line(school_class(), 6, 1), of_all=of_all) == [(saturday, 2)]


def test_grades_have_calendars_of_their_own() -> None:
    rest = days(rests=[MONDAY])
    lines = [line(school_class(grade=1), 1), line(school_class(grade=5), 1)]
    found = dated(lines, year(grades={1: rest}), MONDAY, MONDAY + WEEK)
    assert [slot.learners.grade for slot in found] == [5]


def test_a_shortened_day_rings_otherwise_and_has_fewer_lessons() -> None:
    of_all = days(kinds={MONDAY: "shortened"})
    lines = [line(school_class(), 1, 2), line(school_class(), 1, 5)]
    [only] = dated(lines, year(of_all), MONDAY, MONDAY + WEEK)
    assert (only.number, only.starts_at) == (2, time(8, 40))


def test_a_kind_of_day_without_bells_rings_as_a_regular_one() -> None:
    of_all = days(kinds={MONDAY: "exams"})
    [only] = dated([line(school_class(), 1, 5)], year(of_all), MONDAY, MONDAY + WEEK)
    assert only.starts_at == time(11, 20)


def test_nobody_is_taught_before_or_after_the_term_of_the_group() -> None:
    late = school_class(since=MONDAY + WEEK, until=MONDAY + 2 * WEEK)
    assert [day for day, _ in places(line(late, 1), since=SEPTEMBER, until=MAY)] == [MONDAY + WEEK]
