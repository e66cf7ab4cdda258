"""Each kind of alert on both sides of its threshold."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.ids import new_id
from sgo_journal.alerts.judging import Change, Kind, Rules, judge

TEACHER, OTHER = new_id(), new_id()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An hour of September; of which zone does not matter here."""
    return datetime(2026, 9, day, hour, minute, tzinfo=UTC)


USUAL = Change(at=at(7, 12), by=TEACHER, set_by=TEACHER, old_grade=3, new_grade=4, day=date(2026, 9, 7), own=True)


@pytest.mark.parametrize(
    ("kind", "told", "changed"),
    [
        (Kind.LATE, False, {"at": at(14, 22, 59)}),
        (Kind.LATE, True, {"at": at(15, 12)}),
        (Kind.LATE, True, {"closed": True}),
        (Kind.LATE, True, {"closed": True, "day": None}),
        (Kind.LATE, False, {"at": at(15, 12), "of_debt": True}),
        (Kind.LATE, True, {"closed": True, "of_debt": True}),
        (Kind.RAISED, False, {"old_grade": 2, "new_grade": 5, "of_debt": True}),
        (Kind.RAISED, False, {"old_grade": 3, "new_grade": 4}),
        (Kind.RAISED, True, {"old_grade": 3, "new_grade": 5}),
        (Kind.RAISED, False, {"old_grade": 5, "new_grade": 2}),
        (Kind.RAISED, False, {"old_grade": None, "new_grade": 5}),
        (Kind.MANY, False, {"corrections": 4}),
        (Kind.MANY, True, {"corrections": 5}),
        (Kind.MANY, False, {"corrections": 5, "set_by": None}),
        (Kind.MANY, False, {"corrections": 5, "of_debt": True}),
        (Kind.OFF_HOURS, False, {"at": at(7, 22, 59)}),
        (Kind.OFF_HOURS, True, {"at": at(7, 23)}),
        (Kind.OFF_HOURS, True, {"at": at(8, 5, 59)}),
        (Kind.OFF_HOURS, False, {"at": at(8, 6)}),
        (Kind.OFF_HOURS, False, {"at": at(7, 23), "set_by": None}),
        (Kind.OFF_HOURS, True, {"at": at(7, 23), "set_by": None, "own": False}),
        (Kind.OFF_HOURS, True, {"own": False, "study_day": False}),
        (Kind.OFF_HOURS, False, {"own": False, "study_day": True}),
        (Kind.OFF_HOURS, False, {"own": False, "study_day": None}),
        (Kind.OFF_HOURS, False, {"own": True, "study_day": False}),
        (Kind.OTHER_HAND, False, {}),
        (Kind.OTHER_HAND, True, {"by": OTHER}),
        (Kind.OTHER_HAND, True, {"by": OTHER, "of_debt": True}),
        (Kind.OTHER_HAND, False, {"by": OTHER, "set_by": None}),
        (Kind.TOTAL_OFF, False, {"mean": Decimal("3.00"), "new_grade": 4}),
        (Kind.TOTAL_OFF, True, {"mean": Decimal("2.99"), "new_grade": 4}),
        (Kind.TOTAL_OFF, True, {"mean": Decimal("5.01"), "new_grade": 4}),
        (Kind.TOTAL_OFF, False, {"mean": None, "new_grade": 5}),
        (Kind.TOTAL_OFF, False, {"mean": Decimal(2), "new_grade": None}),
    ],
)
def test_a_kind_is_told_from_its_threshold_on(kind: Kind, told: bool, changed: dict[str, Any]) -> None:
    assert (kind in judge(replace(USUAL, **changed), Rules())) is told


def test_a_usual_correction_is_told_of_in_no_way() -> None:
    assert judge(USUAL, Rules()) == {}


def test_words_tell_the_numbers() -> None:
    change = replace(USUAL, at=at(28, 23, 40), old_grade=2, new_grade=5, mean=Decimal("3.5"))
    assert judge(change, Rules(late_days=2)) == {
        Kind.LATE: "Изменено через 21 день после урока, срок — 2 дня",
        Kind.RAISED: "Отметка повышена с 2 до 5",
        Kind.OFF_HOURS: "Исправлено ночью, в 23:40",
        Kind.TOTAL_OFF: "Итоговая 5 при среднем балле 3,50",
    }


@given(hour=st.integers(0, 23), since=st.integers(0, 23), length=st.integers(0, 23))
def test_the_night_lasts_as_long_as_it_is_set(hour: int, since: int, length: int) -> None:
    rules = Rules(night_from=since, night_until=(since + length) % 24)
    nightly = [one for one in range(24) if rules.is_night(time(one))]
    assert len(nightly) == length
    assert (hour in nightly) == ((hour - since) % 24 < length)


@given(days=st.integers(-1, 400), window=st.none() | st.integers(0, 366))
def test_a_change_is_late_after_its_window_alone(days: int, window: int | None) -> None:
    change = replace(USUAL, at=USUAL.at + timedelta(days=days))
    told = Kind.LATE in judge(change, Rules(late_days=window))
    assert told is (window is not None and days > window)
