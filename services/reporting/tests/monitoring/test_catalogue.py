"""Declarations: what is wrong with one is named, and what is counted changes with a version alone."""

from decimal import Decimal
from typing import Any

import pytest

from reporting.engine.errors import DefinitionError
from reporting.monitoring.catalog import indicators, load
from reporting.monitoring.definition import Threshold

GOOD: dict[str, Any] = {
    "code": "absence", "version": 1, "title": "Пропуски", "formula": "…", "facts": "…", "unit": "percent", "better": "less",
    "source": "lessons", "of": {"absent": 100}, "to": {"learners": 1},
}  # fmt: skip

VERSIONS = {
    "success": (1, "5705193b"),
    "quality": (1, "bb0e4616"),
    "year_success": (1, "94a9b424"),
    "year_quality": (1, "50686b44"),
    "mean_mark": (1, "9224ad76"),
    "subject_success": (1, "04e811f2"),
    "subject_quality": (1, "8aab79a1"),
    "learning": (1, "35a8a6ea"),
    "closed_with_gaps": (1, "f10031b1"),
    "timely_lessons": (1, "fe067d46"),
    "card_completeness": (1, "5103d2c1"),
    "card_doubts": (1, "e0c47727"),
    "daycare_attendance": (1, "bc21c288"),
    "daycare_illness": (1, "6eb96a79"),
    "absence": (1, "56d22de0"),
    "marks_per_lesson": (1, "3f3fb9fd"),
    "class_size": (1, "7553668c"),
    "group_size": (1, "1aea33b2"),
    "teachers_with_category": (1, "58bbf681"),
    "teachers_with_higher_education": (1, "0710b24b"),
    "oge_mean": (1, "afb7b197"),
    "oge_below": (1, "cb9dcf54"),
    "ege_mean": (1, "75953006"),
    "ege_below": (1, "f9e241f6"),
    "vpr_quality": (1, "add25d64"),
    "vpr_gap": (1, "a303fb4c"),
    "oge_gap": (1, "a4f4a3d4"),
}
"""What each version counts, by the beginning of its digest: who changes what is counted changes the version, and this."""


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"source": "salaries"}, "unknown source salaries"),
        ({"of": {"present": 1}}, "lessons has no measure present"),
        ({"minus": {"of": {"late": 1}, "to": {"learners": 1}}}, "lessons has no measure late"),
        ({"where": {"room": ["1"]}}, "lessons has no field room"),
        ({"by": [["grade"]]}, "lessons has no dimension grade"),
        ({"alert_by": ["subject"]}, "alerts by what it is not counted by"),
        ({"thresholds": {"school": {}}}, "the threshold of school needs one bound"),
        ({"thresholds": {"school": {"low": 5}}}, "the threshold of school is on the better side"),
        ({"formulae": "…"}, "Extra inputs are not permitted"),
        ({"of": {}}, "at least 1 item"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_named(wrong: dict[str, Any], complaint: str) -> None:
    assert load([GOOD])["absence"].version == 1
    with pytest.raises(DefinitionError, match=complaint):
        load([{**GOOD, **wrong}])


def test_a_code_is_declared_once() -> None:
    with pytest.raises(DefinitionError, match="declared twice"):
        load([GOOD, GOOD])


def test_what_is_counted_changes_with_its_version() -> None:
    found = {code: (one.version, one.digest[:8]) for code, one in indicators().items()}
    assert found == VERSIONS


@pytest.mark.parametrize(
    ("value", "people", "crossed"),
    [("4.99", 5, True), ("5", 5, False), ("10", 5, False), ("10.01", 5, True), ("11", 4, False), (None, 9, False)],
)
def test_a_threshold_is_crossed_beyond_its_bounds_by_enough_people(
    value: str | None, people: int, crossed: bool
) -> None:
    threshold = Threshold(low=Decimal(5), high=Decimal(10), people=5)
    assert threshold.crossed(None if value is None else Decimal(value), people) is crossed
