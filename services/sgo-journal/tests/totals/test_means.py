"""Weighted means and the marks that are suggested of them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgo_journal.totals.errors import ThresholdsInvalidError
from sgo_journal.totals.means import Mark, weighted_mean
from sgo_journal.totals.suggestions import (
    EXEMPT,
    FAIL,
    FIVE_POINTS,
    NOT_ATTESTED,
    PASS,
    Part,
    Rules,
    Threshold,
    for_certificate,
    for_period,
    for_year,
)

CODES = {"н/а": NOT_ATTESTED, "осв": EXEMPT, "зч": PASS, "нз": FAIL}


def mark(points: str | int | None, weight: str | int = 1, sign: str = "") -> Mark:
    sign = sign or str(points)
    return Mark(sign, None if points is None else Decimal(points), Decimal(weight), code=CODES.get(sign, sign))


def part(title: str, sign: str | None) -> Part:
    if sign is None:
        return Part(title, None)
    return Part(title, CODES.get(sign, sign), sign, None if sign in CODES else Decimal(sign))


def test_a_mean_says_which_marks_and_weights_it_is_made_of() -> None:
    works = [
        Mark("5", Decimal(5), Decimal(2), "Контрольная работа", date(2026, 9, 10)),
        Mark("осв", None),
        Mark("4", Decimal(4)),
        Mark("2", Decimal(2), Decimal(0)),
    ]
    mean = weighted_mean(works)
    assert (mean.value, mean.weight) == (Decimal("4.67"), Decimal(3))
    assert [(share.mark, share.percent, share.part) for share in mean.shares] == [
        (works[0], Decimal("66.67"), Decimal("3.33")),
        (works[2], Decimal("33.33"), Decimal("1.33")),
    ]
    assert mean.left_out == (works[1], works[3])
    assert mean.explanation == "(5·2 + 4·1) / 3 = 4,67"


@pytest.mark.parametrize(
    ("marks", "value"),
    [
        ([], None),
        ([mark(None, sign="н/а"), mark(5, 0)], None),
        ([mark(5), mark(4), mark(4), mark(5), mark(5), mark(5), mark(4), mark(5)], "4.63"),  # 4.625: a half goes up
        ([mark(4, "0.5"), mark(5, "1.5")], "4.75"),
        ([mark(5), mark(2, sign="•")], "3.50"),  # a debt whose value has points counts
        ([mark(5), mark(None, sign="•")], "5.00"),  # one without does not
    ],
)
def test_means(marks: list[Mark], value: str | None) -> None:
    assert weighted_mean(marks).value == (None if value is None else Decimal(value))


MARKS = st.builds(
    mark,
    st.sampled_from([None, 1, 2, 3, 4, 5]),
    st.decimals(0, 10, places=2).map(str),
)


@given(st.lists(MARKS, max_size=60))
def test_a_mean_is_exact_between_the_marks_and_free_of_their_order(marks: list[Mark]) -> None:
    mean = weighted_mean(marks)
    counted = [one for one in marks if one.points is not None and one.weight]
    points: list[Decimal] = [one.points for one in counted if one.points is not None]
    assert len(mean.shares) + len(mean.left_out) == len(marks)
    if not counted:
        assert mean.value is None
        return
    exact = sum(Fraction(one.points or 0) * Fraction(one.weight) for one in counted) / sum(
        Fraction(one.weight) for one in counted
    )
    assert mean.value is not None
    assert Fraction(-1, 200) < Fraction(mean.value) - exact <= Fraction(1, 200)
    assert min(points) <= mean.value <= max(points)
    assert weighted_mean(sorted(marks, key=repr)).value == mean.value
    whole = sum((share.percent for share in mean.shares), Decimal(0))
    assert abs(whole - 100) <= Decimal("0.01") * len(counted)


@pytest.mark.parametrize(
    ("points", "code"),
    [((5, 4), "5"), ((5, 4, 4), "4"), ((4, 3), "4"), ((3, 3, 4), "3"), ((2, 3), "3"), ((2, 2, 3), "2"), ((1,), "2")],
)
def test_a_period_by_the_thresholds(points: tuple[int, ...], code: str) -> None:
    found = for_period(weighted_mean(mark(one) for one in points), Rules(least_marks=0))
    assert (found.code, found.otherwise) == (code, None)


def test_a_period_says_why() -> None:
    good = for_period(weighted_mean(mark(one) for one in (5, 4, 5)), Rules())
    assert good.reason == "«5»: средний балл 4,67, порог отметки «5» — 4,5"
    few = for_period(weighted_mean([mark(5), mark(4)]), Rules())
    assert (few.code, few.otherwise) == (NOT_ATTESTED, "5")
    assert few.reason == "н/а: отметок 2, нужно не меньше 3; средний балл 4,5, порог отметки «5» — 4,5"
    none = for_period(weighted_mean([mark(None, sign="•")]), Rules())
    assert (none.code, none.otherwise) == (NOT_ATTESTED, None)
    assert none.reason == "н/а: нет отметок, которые входят в средний балл"


@pytest.mark.parametrize(
    ("signs", "code", "reason"),
    [
        (("зч",), PASS, "«зч»: зч — 1, нз — 0"),
        (("зч", "нз", "зч", "осв"), PASS, "«зч»: зч — 2, нз — 1"),
        (("зч", "нз"), FAIL, "«нз»: зч — 1, нз — 1"),
        (("осв", "осв"), EXEMPT, "«осв»: других отметок нет"),
        ((), NOT_ATTESTED, "н/а: нет отметок, которые входят в средний балл"),
    ],
)
def test_a_period_without_points_follows_from_what_was_passed(signs: tuple[str, ...], code: str, reason: str) -> None:
    found = for_period(weighted_mean(mark(None, sign=sign) for sign in signs), Rules())
    assert (found.code, found.reason, found.otherwise) == (code, reason, None)


def test_what_was_passed_counts_among_enough_marks_and_who_is_exempt_is_not_unattested() -> None:
    enough = for_period(weighted_mean([mark(5), mark(4), mark(None, sign="зч")]), Rules())
    assert (enough.code, enough.otherwise) == ("5", None)
    few = for_period(weighted_mean([mark(4), mark(None, sign="осв")]), Rules())
    assert (few.code, few.otherwise) == (EXEMPT, "4")
    assert few.reason == "осв: отметок 1, нужно не меньше 3; средний балл 4, порог отметки «4» — 3,5"


def test_what_is_judged_is_the_mean_that_is_shown() -> None:
    """4.495 is shown as 4.50: a family that reads 4,5 gets the «5» of 4,5."""
    mean = weighted_mean([mark(5, 99), mark(4, 101)])
    assert mean.value == Decimal("4.50")
    assert for_period(mean, Rules(least_marks=1)).code == "5"


@given(st.lists(st.sampled_from([2, 3, 4, 5]), min_size=3, max_size=30), st.integers(2, 5))
def test_a_better_mark_never_worsens_the_period(points: list[int], more: int) -> None:
    before = for_period(weighted_mean(mark(one) for one in points), Rules())
    after = for_period(weighted_mean(mark(max(one, more)) for one in points), Rules())
    assert int(after.code or 0) >= int(before.code or 0)


@pytest.mark.parametrize(
    "bounds",
    [
        [],
        [("4.5", "5")],
        [("4.5", "5"), ("4.5", "4"), ("0", "2")],
        [("3", "3"), ("4", "4"), ("0", "2")],
        [("4.5", "5"), ("0", "5")],
    ],
)
def test_thresholds_that_leave_a_mean_without_one_mark_are_refused(bounds: list[tuple[str, str]]) -> None:
    with pytest.raises(ThresholdsInvalidError):
        Rules(tuple(Threshold(Decimal(at_least), code, code) for at_least, code in bounds))


def test_an_organization_has_thresholds_of_its_own() -> None:
    strict = Rules((Threshold(Decimal("4.6"), "5", "5"), *FIVE_POINTS[1:]))
    assert for_period(weighted_mean([mark(5), mark(5), mark(5), mark(4), mark(4)]), strict).code == "5"
    assert for_period(weighted_mean([mark(5), mark(4), mark(5), mark(4)]), strict).code == "4"


QUARTERS = ("1 четверть", "2 четверть", "3 четверть", "4 четверть")


@pytest.mark.parametrize(
    ("signs", "code", "reason"),
    [
        (
            "5544",
            "5",
            "«5»: 1 четверть — 5, 2 четверть — 5, 3 четверть — 4, 4 четверть — 4; среднее 4,5, порог отметки «5» — 4,5",
        ),
        ("4443", "4", "среднее 3,75"),
        ("23", "3", "среднее 2,5"),
    ],
)
def test_the_year_follows_from_its_periods(signs: str, code: str, reason: str) -> None:
    found = for_year([part(title, sign) for title, sign in zip(QUARTERS, signs, strict=False)], Rules())
    assert found.code == code
    assert reason in found.reason


def test_a_year_with_periods_without_a_mark() -> None:
    partly = for_year([part(QUARTERS[0], "н/а"), part(QUARTERS[1], "4"), part(QUARTERS[2], "5")], Rules())
    assert partly.code == "5"
    assert partly.reason.endswith("без балла: 1 четверть — н/а")
    nowhere = for_year([part(title, "н/а") for title in QUARTERS[:2]], Rules())
    assert (nowhere.code, nowhere.reason) == (NOT_ATTESTED, "н/а: 1 четверть — н/а, 2 четверть — н/а")
    passed = for_year([part(QUARTERS[0], "осв"), part(QUARTERS[1], "зч")], Rules())
    assert (passed.code, passed.reason) == (PASS, "«зч»: зч — 1, нз — 0")
    exempt = for_year([part(title, "осв") for title in QUARTERS], Rules())
    assert exempt.code == EXEMPT
    both = for_year([part(QUARTERS[0], "н/а"), part(QUARTERS[1], "зч")], Rules())
    assert (both.code, both.reason) == (None, "среднего нет: 1 четверть — н/а, 2 четверть — зч")
    open_yet = for_year([part(QUARTERS[0], "5"), part(QUARTERS[1], None)], Rules())
    assert (open_yet.code, open_yet.reason) == (None, "нет отметки за: 2 четверть")
    assert for_year([], Rules()).code is None


def test_the_final_mark_of_year_and_exam() -> None:
    found = for_certificate([part("год", "4"), part("экзамен", "5")])
    assert found.code == "5"
    assert found.reason == "«5»: год — 4, экзамен — 5; среднее 4,5, по правилам округления 5"
    assert for_certificate([part("год", "4"), part("экзамен", "3")]).code == "4"
    assert for_certificate([part("год", "3")]).reason == "«3»: год — 3"
    assert for_certificate([part("год", "3"), part("экзамен", None)]).reason == "нет отметки: экзамен"
    unmarked = for_certificate([part("год", "4"), part("экзамен", "н/а")])
    assert (unmarked.code, unmarked.reason) == (None, "отметка без балла: экзамен — н/а")
    assert for_certificate([part("год", "зч")]).code == PASS
    assert for_certificate([part("10 класс, год", "осв"), part("11 класс, год", "осв")]).code == EXEMPT
    assert for_certificate([part("10 класс, год", "осв"), part("11 класс, год", "5")]).code is None
    assert for_certificate([]).code is None
    assert for_certificate([part(f"{half} полугодие", one) for half, one in enumerate("4454", 1)]).code == "4"
