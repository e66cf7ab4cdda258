"""СНИЛС, ИНН, ОГРН, ОГРНИП: published and computed vectors, and every single-digit slip."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identifiers import (
    InvalidIdentifier,
    complete_inn,
    complete_ogrn,
    complete_snils,
    format_snils,
    mask_snils,
    parse_inn,
    parse_ogrn,
    parse_ogrnip,
    parse_organization_inn,
    parse_person_inn,
    parse_registration_number,
    parse_snils,
)


def _digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length).filter(lambda text: text.strip("0") != "")


def _refused(parse: Callable[[str], str], text: str) -> str:
    with pytest.raises(InvalidIdentifier) as caught:
        parse(text)
    assert text.strip() == "" or text not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    ["112-233-445 95", "087-654-303 00", "001-019-989 00", "001-019-998 00", "002-999-989 00"],
)
def test_snils_is_accepted_and_formatted_back(text: str) -> None:
    assert format_snils(parse_snils(text)) == text


@pytest.mark.parametrize("text", ["11223344595", " 112-233-445-95 ", "112 233 445 95"])
def test_snils_has_one_normal_form(text: str) -> None:
    assert parse_snils(text) == "11223344595"


def test_early_snils_is_not_checked() -> None:
    assert parse_snils("001-001-998 99") == "00100199899"
    assert _refused(parse_snils, "001-001-999 98") == "snils.checksum"


def test_wrong_snils_checksum() -> None:
    assert _refused(parse_snils, "112-233-445 96") == "snils.checksum"


@pytest.mark.parametrize(
    "text", ["", "1122334459", "112233445955", "112-233-445 9x", "000-000-000 00", "١١٢٢٣٣٤٤٥٩٥", "1-12233445-95"]
)
def test_malformed_snils(text: str) -> None:
    assert _refused(parse_snils, text) == "snils.format"


def test_masked_snils_keeps_the_tail_only() -> None:
    assert mask_snils("11223344595") == "***-***-445 95"


@given(_digits(9).filter(lambda text: int(text) > 1_001_998))
def test_completed_snils_parses(number: str) -> None:
    assert parse_snils(complete_snils(number))[:9] == number


@pytest.mark.parametrize("text", ["7707083893", "2310000004", "2310000090", "500100732259", "231000000021"])
def test_inn_is_accepted(text: str) -> None:
    assert parse_inn(f" {text} ") == text


@pytest.mark.parametrize("text", ["7707083894", "500100732258"])
def test_wrong_inn_checksum(text: str) -> None:
    assert _refused(parse_inn, text) == "inn.checksum"


@pytest.mark.parametrize("text", ["", "77070838", "77070838930", "7707-083893", "0000000000", "770708389³"])
def test_malformed_inn(text: str) -> None:
    assert _refused(parse_inn, text) == "inn.format"


def test_inn_of_the_other_kind_is_refused() -> None:
    assert _refused(parse_organization_inn, "500100732259") == "inn.format"
    assert _refused(parse_person_inn, "7707083893") == "inn.format"


@given(_digits(9) | _digits(10))
def test_completed_inn_parses(number: str) -> None:
    assert parse_inn(complete_inn(number)).startswith(number)


@pytest.mark.parametrize("text", ["1027700132195", "1022300000007", "1022300000030"])
def test_ogrn_is_accepted(text: str) -> None:
    assert parse_ogrn(text) == parse_registration_number(text) == text


@pytest.mark.parametrize("text", ["304500116000157", "304231000000006", "304231000000040"])
def test_ogrnip_is_accepted(text: str) -> None:
    assert parse_ogrnip(text) == parse_registration_number(text) == text


def test_wrong_ogrn() -> None:
    assert _refused(parse_ogrn, "1027700132196") == "ogrn.checksum"
    assert _refused(parse_ogrnip, "304500116000158") == "ogrnip.checksum"
    assert _refused(parse_ogrn, "304500116000157") == "ogrn.format"
    assert _refused(parse_registration_number, "10277001321") == "ogrn.format"


@given(_digits(12) | _digits(14))
def test_completed_ogrn_parses(number: str) -> None:
    assert parse_registration_number(complete_ogrn(number)).startswith(number)


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (parse_snils, parse_inn, parse_ogrn, parse_ogrnip, parse_registration_number):
        with suppress(InvalidIdentifier):
            assert parse(text).isdecimal()
