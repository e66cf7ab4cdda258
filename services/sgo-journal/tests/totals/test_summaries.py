"""Success, quality, СОУ, standings, dynamics."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgo_journal.totals.summaries import (
    NOT_ATTESTED,
    SIMONOV,
    STANDING_TITLES,
    Result,
    Standing,
    changes,
    class_summary,
    standing,
    summary,
)

RESULTS = st.sampled_from([None, NOT_ATTESTED, 1, 2, 3, 4, 5])
MATHS, RUSSIAN = UUID(int=1), UUID(int=2)


def test_a_subject_by_hand() -> None:
    """5 of «5», 10 of «4», 8 of «3», one «2», one н/а, two exempted: 25 count."""
    found = summary([5] * 5 + [4] * 10 + [3] * 8 + [2, NOT_ATTESTED] + [None] * 2)
    assert found.total == 25
    assert (found.success, found.quality) == (Decimal("92.00"), Decimal("60.00"))
    assert found.learning == Decimal("58.04")  # (500 + 640 + 288 + 16 + 7) / 25
    assert found.mean == Decimal("3.79")  # (25 + 40 + 24 + 2) / 24
    assert found.counts == {5: 5, 4: 10, 3: 8, 2: 1, 1: 0, NOT_ATTESTED: 1}


def test_of_nothing_there_is_no_share() -> None:
    found = summary([None, None])
    assert (found.total, found.success, found.quality, found.learning, found.mean) == (0, None, None, None, None)
    assert summary([NOT_ATTESTED]).mean is None


def test_coefficients_are_an_organizations_own() -> None:
    assert summary([5, 2], {**SIMONOV, 2: Decimal("0.5")}).learning == Decimal("75.00")


@given(st.lists(RESULTS, max_size=40))
def test_shares_stand_in_their_order(results: list[Result]) -> None:
    found = summary(results)
    assert found.total == sum(result is not None for result in results) == sum(found.counts.values())
    if found.total:
        assert found.success is not None
        assert found.quality is not None
        assert found.learning is not None
        assert 0 <= found.quality <= found.success <= 100
        assert 7 <= found.learning <= 100
    assert summary(sorted(results, key=repr)) == found


@given(st.lists(st.sampled_from([NOT_ATTESTED, 2, 3, 4]), min_size=1, max_size=20), st.data())
def test_one_better_result_lowers_no_share(results: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(results) - 1))
    better = results.copy()
    better[place] = max(results[place] + 1, 2)
    before, after = summary(results), summary(better)
    for name in ("success", "quality", "learning"):
        assert getattr(after, name) >= getattr(before, name)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([5, 5, None], Standing.EXCELLENT),
        ([5, 4], Standing.GOOD),
        ([5, 4, 3], Standing.ONE_THREE),
        ([3], Standing.ONE_THREE),
        ([3, 3, 5], Standing.SATISFACTORY),
        ([5, NOT_ATTESTED], Standing.NOT_ATTESTED),
        ([5, NOT_ATTESTED, 2], Standing.FAILING),
        ([1], Standing.FAILING),
        ([None], Standing.UNMARKED),
        ([], Standing.UNMARKED),
    ],
)
def test_standings(results: list[Result], expected: Standing) -> None:
    assert standing(results) is expected
    assert STANDING_TITLES[expected]


def test_a_class_counts_students_for_shares_and_marks_for_the_mean() -> None:
    results: list[dict[UUID, Result]] = [
        {MATHS: 5, RUSSIAN: 5},
        {MATHS: 4, RUSSIAN: 5},
        {MATHS: 3, RUSSIAN: 4},
        {MATHS: 2, RUSSIAN: 4},
        {MATHS: None},
    ]
    found = class_summary({UUID(int=number): row for number, row in enumerate(results, 10)})
    assert (found.success, found.quality) == (Decimal("75.00"), Decimal("50.00"))
    assert {one: count for one, count in found.counts.items() if count} == dict.fromkeys(
        (Standing.EXCELLENT, Standing.GOOD, Standing.ONE_THREE, Standing.FAILING, Standing.UNMARKED), 1
    )
    assert found.standings[UUID(int=13)] is Standing.FAILING
    assert (found.subjects[MATHS].success, found.subjects[RUSSIAN].success) == (Decimal("75.00"), Decimal("100.00"))
    assert found.marks.mean == Decimal("4.00")
    assert found.marks.total == 8


@given(st.lists(st.lists(RESULTS, max_size=6), max_size=12))
def test_a_class_loses_nobody(rows: list[list[Result]]) -> None:
    found = class_summary(
        {
            UUID(int=place): {UUID(int=100 + one): result for one, result in enumerate(row)}
            for place, row in enumerate(rows)
        }
    )
    assert sum(found.counts.values()) == len(rows)
    assert found.marks.total == sum(one.total for one in found.subjects.values())
    assert (found.success is None) == (found.counts[Standing.UNMARKED] == len(rows))
    if found.success is not None and found.quality is not None:
        assert found.quality <= found.success


def test_dynamics() -> None:
    periods = [summary([3, 3, 2, 4]), summary([4, 3, 3, 4]), summary([None])]
    first, second = changes(periods)
    assert (first.success, first.quality, first.mean) == (Decimal("25.00"), Decimal("25.00"), Decimal("0.50"))
    assert first.learning == summary([4, 3, 3, 4]).learning - summary([3, 3, 2, 4]).learning  # type: ignore[operator]
    assert (second.success, second.mean) == (None, None)
    assert changes(periods[:1]) == []
