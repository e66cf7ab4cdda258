"""Codes of organizations: vectors of the classifiers' control rule, structures."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identifiers import (
    InvalidIdentifier,
    control_digit,
    parse_kpp,
    parse_municipality_oktmo,
    parse_okato,
    parse_okogu,
    parse_okpo,
    parse_oktmo,
    parse_settlement_oktmo,
)


def _refused(parse: Callable[[str], str], text: str) -> str:
    with pytest.raises(InvalidIdentifier) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        *("00032537", "00040778", "00242766", "0164667059", "0193366363", "0012345679"),
        *("10000062", "10000640"),  # the sum is counted anew
        *("0100000070", "0100000074"),  # either digit: programs differ in the last weight
    ],
)
def test_okpo_is_accepted(text: str) -> None:
    assert parse_okpo(f" {text} ") == text


def test_okpo_of_a_separate_unit_has_no_control_digit() -> None:
    assert parse_okpo("00032537000100") == "00032537000100"


@pytest.mark.parametrize("text", ["00032536", "10000060", "0164667058", "0100000071"])
def test_wrong_okpo(text: str) -> None:
    assert _refused(parse_okpo, text) == "okpo.checksum"


@pytest.mark.parametrize("text", ["", "0003253", "000325370", "00000000", "0003253７", "0003-2537"])
def test_malformed_okpo(text: str) -> None:
    assert _refused(parse_okpo, text) == "okpo.format"


@given(st.text("0123456789", min_size=7, max_size=7), st.integers(0, 6), st.integers(1, 9))
def test_one_mistyped_digit_changes_the_control_sum(number: str, place: int, by: int) -> None:
    other = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"
    okpo, mistyped = (f"{one}{control_digit(number)}" for one in (number, other))
    if number.strip("0"):
        assert parse_okpo(okpo) == okpo
    if control_digit(other) != control_digit(number):
        assert _refused(parse_okpo, mistyped) in {"okpo.checksum", "okpo.format"}


@pytest.mark.parametrize(("code", "digit"), [("03628000000", 6), ("03628000", 6), ("04631437126", 3)])
def test_the_control_digit_of_oktmo_stands_beside_the_code(code: str, digit: int) -> None:
    assert parse_oktmo(code) == code
    assert control_digit(code) == digit


def test_oktmo_of_one_level_is_not_of_the_other() -> None:
    assert parse_municipality_oktmo("03628000") == "03628000"
    assert parse_settlement_oktmo("03628000001") == "03628000001"
    assert _refused(parse_municipality_oktmo, "03628000001") == "oktmo.format"
    assert _refused(parse_settlement_oktmo, "03628000") == "oktmo.format"


@pytest.mark.parametrize("text", ["", "00628000", "036280006", "0362800O"])
def test_malformed_oktmo(text: str) -> None:
    assert _refused(parse_oktmo, text) == "oktmo.format"


@pytest.mark.parametrize("text", ["03", "03401", "03401367", "03401367000"])
def test_okato_has_four_lengths(text: str) -> None:
    assert parse_okato(text) == text


@pytest.mark.parametrize("text", ["", "0", "034", "0340136", "00401", "03401x"])
def test_malformed_okato(text: str) -> None:
    assert _refused(parse_okato, text) == "okato.format"


def test_okogu() -> None:
    assert parse_okogu("4210007") == "4210007"
    assert _refused(parse_okogu, "421000") == "okogu.format"
    assert _refused(parse_okogu, "0000000") == "okogu.format"


@pytest.mark.parametrize(
    ("typed", "normal"), [("231001001", "231001001"), ("2310AB001", "2310AB001"), ("2310ав001", "2310AB001")]
)
def test_kpp_in_latin_letters(typed: str, normal: str) -> None:
    assert parse_kpp(typed) == normal


@pytest.mark.parametrize("text", ["", "23101001", "2310010011", "23100100A", "2310ЖБ001"])
def test_malformed_kpp(text: str) -> None:
    assert _refused(parse_kpp, text) == "kpp.format"


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (parse_okpo, parse_okato, parse_oktmo, parse_okogu, parse_kpp):
        with suppress(InvalidIdentifier):
            assert parse(parse(text)) == parse(text)
