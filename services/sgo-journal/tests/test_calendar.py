"""What a calendar says of each day, by what core tells of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.core import CalendarDates, SpecialStudyDay, StudyWeek
from asu_contracts.core import GradeCalendar as Told
from sgo_journal.study.calendar import REGULAR, GradeCalendar, StudyCalendar

from .factories import QUARTERS, SEPTEMBER, YEAR, quarters

DAY = timedelta(days=1)
SATURDAY = date(2026, 9, 5)
UNITY_DAY = date(2026, 11, 4)
AUTUMN = date(2026, 10, 28)
MOVED = date(2027, 2, 20)
"""A Saturday of study that keeps the timetable of a Monday."""


def study_calendar(*told: Told) -> StudyCalendar:
    return StudyCalendar.of(YEAR, SEPTEMBER, date(YEAR + 1, 8, 31), told)


def of_quarters(*moved: tuple[date, int]) -> GradeCalendar:
    return study_calendar(quarters(moved=moved)).for_grade(5)


@pytest.mark.parametrize(
    ("day", "weekday"),
    [
        (SEPTEMBER, 2),
        (SEPTEMBER - DAY, None),
        (date(2027, 5, 26), 3),
        (date(2027, 5, 27), None),
        (SATURDAY, None),
        (UNITY_DAY, None),
        (AUTUMN, None),
        (MOVED, 1),
    ],
    ids=["first", "before", "last", "after", "weekend", "holiday", "vacation", "moved"],
)
def test_a_day_keeps_the_timetable_of_its_weekday_if_it_is_one_of_study(day: date, weekday: int | None) -> None:
    calendar = of_quarters((MOVED, 1))
    assert (calendar.is_study_day(day), calendar.weekday_of(day)) == (weekday is not None, weekday)
    assert calendar.day_kind(day) == (None if weekday is None else REGULAR)


def test_a_special_day_is_one_of_study_in_a_vacation_on_a_rest_and_outside_the_periods_too() -> None:
    special = [(AUTUMN, 3), (UNITY_DAY, 5), (date(2027, 6, 1), 7)]
    calendar = of_quarters(*special)
    assert [(day, calendar.weekday_of(day)) for day, _ in special] == special
    assert [calendar.period_of(day) is not None for day, _ in special] == [False, True, False]


def test_a_special_day_may_be_of_another_kind() -> None:
    told = quarters().model_copy(
        update={"special_days": (SpecialStudyDay(day=SATURDAY, weekday=6, day_kind="shortened"),)}
    )
    assert GradeCalendar.of(told).day_kind(SATURDAY) == "shortened"


def test_a_week_has_as_many_days_as_were_set_from_the_day_on() -> None:
    weeks = (StudyWeek(first_day=date(2026, 9, 2), days=6), StudyWeek(first_day=date(2026, 9, 12), days=5))
    calendar = GradeCalendar.of(quarters().model_copy(update={"weeks": weeks}))
    saturdays = [SATURDAY + 7 * number * DAY for number in range(3)]
    assert [calendar.is_study_day(day) for day in saturdays] == [True, False, False]
    assert calendar.is_study_day(SEPTEMBER), "what was set first holds before it too"


def test_periods_are_numbered_as_they_stand() -> None:
    calendar = of_quarters()
    edges = [day for quarter in QUARTERS for day in quarter]
    found = [calendar.period_of(day) for day in edges]
    assert [one and one.number for one in found] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert calendar.period_of(QUARTERS[0][1] + DAY) is None
    assert [(one.number, one.title) for one in calendar.vacations] == [(1, "Осенние")]


def test_days_of_study_are_counted_to_the_last_exclusive() -> None:
    calendar = of_quarters()
    assert list(calendar.study_days(date(2026, 11, 2), date(2026, 11, 7))) == [
        date(2026, 11, number) for number in (2, 3, 5, 6)
    ]
    assert list(calendar.study_days(SEPTEMBER, SEPTEMBER)) == []


def test_each_grade_has_its_calendar_and_groups_without_one_theirs() -> None:
    calendar = study_calendar(
        Told(
            periods=(CalendarDates(first_day=SEPTEMBER, last_day=date(2027, 8, 31)),),
            vacations=(),
            weeks=(StudyWeek(first_day=SEPTEMBER, days=5),),
            rests=(),
            special_days=(),
        ),
        quarters(1, 4, week=5),
        quarters(5, 9, week=6),
    )
    july = date(2027, 7, 1)
    assert [calendar.for_grade(grade).is_study_day(july) for grade in (None, 1, 9)] == [True, False, False]
    assert [calendar.for_grade(grade).is_study_day(SATURDAY) for grade in (None, 1, 4, 5, 9)] == [
        False,
        False,
        False,
        True,
        True,
    ]
    untold = calendar.for_grade(10)
    assert (untold.periods, list(untold.study_days(SEPTEMBER, july))) == ((), [])


def test_what_is_alike_for_groups_without_a_grade_and_the_first_grades_may_stand_together() -> None:
    calendar = study_calendar(quarters(None, 4))
    assert all(calendar.for_grade(grade).is_study_day(SEPTEMBER) for grade in (None, 1, 4))
    assert not calendar.for_grade(5).is_study_day(SEPTEMBER)


def test_without_periods_or_weeks_nothing_is_studied_but_on_special_days() -> None:
    empty = GradeCalendar.of(Told(periods=(), vacations=(), weeks=(), rests=(), special_days=()))
    no_weeks = GradeCalendar.of(quarters().model_copy(update={"weeks": ()}))
    assert not empty.is_study_day(SEPTEMBER)
    assert not no_weeks.is_study_day(SEPTEMBER)


_YEAR_DAYS = st.dates(SEPTEMBER, date(YEAR + 1, 8, 31))


@st.composite
def told_calendars(draw: st.DrawFn) -> Told:
    edges = sorted(draw(st.sets(_YEAR_DAYS, min_size=0, max_size=8)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    weeks = draw(st.dictionaries(_YEAR_DAYS, st.sampled_from([5, 6]), max_size=3)) | {SEPTEMBER: 5}
    special = draw(
        st.dictionaries(_YEAR_DAYS, st.tuples(st.integers(1, 7), st.sampled_from([None, "short"])), max_size=4)
    )
    return Told(
        grade_from=1,
        grade_to=11,
        period_kind="quarters",
        periods=tuple(CalendarDates(first_day=first, last_day=last) for first, last in pairs),
        vacations=(),
        weeks=tuple(StudyWeek(first_day=day, days=weeks[day]) for day in sorted(weeks)),
        rests=tuple(sorted(draw(st.sets(_YEAR_DAYS, max_size=10)))),
        special_days=tuple(SpecialStudyDay(day=day, weekday=one[0], day_kind=one[1]) for day, one in special.items()),
    )


@given(told=told_calendars())
def test_every_day_is_what_the_contract_says(told: Told) -> None:
    """The rule of ``asu_contracts.core.GradeCalendar``, word for word: core holds what it tells to the same rule."""
    calendar = study_calendar(told).for_grade(7)
    special = {one.day: one for one in told.special_days}
    week = 0
    weeks = {one.first_day: one.days for one in told.weeks}
    studied = []
    for number in range(365):
        day = SEPTEMBER + number * DAY
        week = weeks.get(day, week)
        inside = any(one.first_day <= day <= one.last_day for one in told.periods)
        by_rule = inside and day.isoweekday() <= week and day not in told.rests
        if day in special or by_rule:
            studied.append(day)
        expected = special[day].weekday if day in special else day.isoweekday() if by_rule else None
        assert calendar.weekday_of(day) == expected
        assert calendar.day_kind(day) == (
            (special[day].day_kind or REGULAR) if day in special else REGULAR if by_rule else None
        )
    assert list(calendar.study_days(SEPTEMBER, SEPTEMBER + 365 * DAY)) == studied
