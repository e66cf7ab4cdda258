"""Houses as acts write them: golden texts, and sets held against a plain predicate."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eu_enrollment.territories.houses import House, Houses, HousesError, parse_houses

Told = tuple[int, str, str, str]
Spec = tuple[str, Callable[[Told], bool]]

GRID: list[Told] = list(product(range(1, 31), ("", "а", "б", "я"), ("", "1"), ("", " корп. 1")))
TOP = 26


def text_of(told: Told) -> str:
    number, letter, stroke, part = told
    return f"{number}{letter}{'/' + stroke if stroke else ''}{part}"


HOUSES = {told: House.parse(text_of(told)) for told in GRID}


@pytest.mark.parametrize(
    ("text", "within", "without"),
    [
        ("", "1 2 9999 7А", ""),
        ("все дома", "1 2 15/3", ""),
        ("нечётные", "1 3 21А", "2 4А"),
        ("чётная сторона", "2 12/1", "1"),
        ("нечётные 1–15, 21А; чётные; кроме 10, 12 корп. 2", "1 15 15Б 21А 2 12 100", "17 21 10 9999"),
        ("с 1 по 15", "1 2 15 15А", "16"),
        ("1-12А", "1 12 12А", "12Б 13"),
        ("12А–14", "12А 12Б 14", "12"),
        ("12", "12", "12А 12/3 13"),
        ("12, 12А", "12 12А", "12Б"),
        ("20 и далее", "20 21 9999", "19"),
        ("с 20", "20 5000", "18А"),
        ("до 40", "1 40 40А", "41"),
        ("дома №№ 1, 3 и 5", "1 3 5", "2"),
        ("2–8 (чётные), 11", "2 8 11", "3 9"),
        ("нечётные, 2, 4", "1 99 2 4", "6"),
        ("10–20, кроме 12, 14–16", "10 13 17 20", "12 14 16 9"),
        ("5 лит. Б, 7В", "7В", "5 7"),
    ],
)
def test_texts_of_acts(text: str, within: str, without: str) -> None:
    houses = parse_houses(text)
    assert [one for one in within.split() if not houses.covers(House.parse(one))] == []
    assert [one for one in without.split() if houses.covers(House.parse(one))] == []


def test_parts_of_a_house_belong_to_it_unless_they_are_named_alone() -> None:
    whole, part = parse_houses("12"), parse_houses("12 корп. 2")
    assert whole.covers(House.parse("12к2"))
    assert whole.covers(House.parse("д. 12, корпус 3 стр 1"))
    assert part.covers(House.parse("12 к. 2 строение 5"))
    assert not part.covers(House.parse("12"))
    assert not part.covers(House.parse("12 корп. 2А"))
    assert str(House.parse("12 к2 с 1")) == "12 корп. 2 стр. 1"


@pytest.mark.parametrize("same", [("12А", "12 а", "12-А", "д. 12А", "12A"), ("7/3б", "7 / 3Б"), ("№ 5", "дом 5", "05")])
def test_one_house_is_written_in_many_ways(same: tuple[str, ...]) -> None:
    assert len({House.parse(one).key for one in same}) == 1


@pytest.mark.parametrize(
    "text", ["abc", "15–1", "0", "кроме", "нечётные 2", "2, кроме 2", "1;;x", "99999", "5 " * 1500]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(HousesError):
        parse_houses(text)


@given(st.text(alphabet='0123456789абвкс чёнтыекром-–,;/()"№.АB', max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        houses = parse_houses(text)
    except HousesError:
        return
    assert houses.odd or houses.even


def _single(number: int, letter: str) -> Spec:
    return f"{number}{letter}", lambda told: told[:3] == (number, letter, "")


def _between(bounds: tuple[int, int], parity: int | None) -> Spec:
    low, high = sorted(bounds)
    words = {None: "", 0: " (чётные)", 1: " (нечётные)"}[parity if low != high else None]
    return f"{low}–{high}{words}", lambda told: low <= told[0] <= high and (not words or told[0] % 2 == parity)


def _onwards(low: int) -> Spec:
    return f"{low} и далее", lambda told: told[0] >= low


NUMBER = st.integers(1, TOP)
ITEMS = st.lists(
    st.one_of(
        st.builds(_single, NUMBER, st.sampled_from(("", "а", "б"))),
        st.builds(_between, st.tuples(NUMBER, NUMBER), st.sampled_from((None, 0, 1))),
        st.builds(_onwards, NUMBER),
    ),
    min_size=1,
    max_size=4,
)
SETS = st.tuples(ITEMS, st.one_of(st.just([]), ITEMS))


def _read(included: list[Spec], excluded: list[Spec]) -> tuple[Houses | None, set[Told]]:
    text = ", ".join(one for one, _ in included)
    if excluded:
        text += ", кроме " + ", ".join(one for one, _ in excluded)
    meant = {
        told for told in GRID if any(test(told) for _, test in included) and not any(test(told) for _, test in excluded)
    }
    try:
        return parse_houses(text), meant
    except HousesError:
        return None, meant


@settings(max_examples=150, deadline=None)
@given(SETS)
def test_a_set_is_what_its_items_say(items: tuple[list[Spec], list[Spec]]) -> None:
    houses, meant = _read(*items)
    covered = set() if houses is None else {told for told, house in HOUSES.items() if houses.covers(house)}
    assert covered == meant


@settings(max_examples=150, deadline=None)
@given(SETS, SETS)
def test_sets_meet_where_a_house_is_in_both(
    one: tuple[list[Spec], list[Spec]], other: tuple[list[Spec], list[Spec]]
) -> None:
    (first, in_first), (second, in_second) = _read(*one), _read(*other)
    if first is None or second is None:
        return
    assert (first.common(second) is not None) is bool(in_first & in_second)
    assert (first.common(second) is None) is (second.common(first) is None)
