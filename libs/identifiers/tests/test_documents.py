"""Birth certificate and passport: normal forms and look-alike letters."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identifiers import (
    DocumentKind,
    InvalidIdentifier,
    luhn_digit,
    parse_birth_certificate_number,
    parse_birth_certificate_series,
    parse_division_code,
    parse_document,
    parse_medical_policy,
    parse_passport_number,
    parse_passport_series,
)


def _code(parse: Callable[[str], str], text: str) -> str:
    with pytest.raises(InvalidIdentifier) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("IV-АГ", "IV-АГ"),
        (" iv-аг ", "IV-АГ"),
        ("IV — АГ", "IV-АГ"),
        ("IVАГ", "IV-АГ"),
        ("ХС-МК", "XC-МК"),  # Roman part typed in Cyrillic
        ("ІІ-АГ", "II-АГ"),
        ("X-MK", "X-МК"),  # letters typed in Latin
        ("III-ЁЖ", "III-ЁЖ"),
    ],
)
def test_series_of_a_birth_certificate(typed: str, normal: str) -> None:
    assert parse_birth_certificate_series(typed) == normal


@pytest.mark.parametrize(
    "text", ["", "1V-АГ", "IV-AG", "IV", "АГ-IV", "IV-АГД", "IV--", "I V-АГ", "IIIIIIII-АГ", "IV-А1"]
)
def test_malformed_series_of_a_birth_certificate(text: str) -> None:
    assert _code(parse_birth_certificate_series, text) == "birth_certificate_series.format"


def test_numbers_have_six_digits() -> None:
    assert parse_birth_certificate_number(" 654321 ") == "654321"
    assert parse_passport_number("123456") == "123456"
    assert _code(parse_birth_certificate_number, "65432") == "birth_certificate_number.format"
    assert _code(parse_passport_number, "12345６") == "passport_number.format"


def test_series_of_a_passport() -> None:
    assert parse_passport_series("0314") == parse_passport_series("03 14") == "0314"
    assert _code(parse_passport_series, "314") == "passport_series.format"


@pytest.mark.parametrize("typed", ["230-001", "230001", " 230–001 ", "230 001"])
def test_division_code(typed: str) -> None:
    assert parse_division_code(typed) == "230-001"


@pytest.mark.parametrize("text", ["", "23-001", "230-0011", "230--001", "23O-001"])
def test_malformed_division_code(text: str) -> None:
    assert _code(parse_division_code, text) == "division_code.format"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("2345678901234560", "2345678901234560"),
        ("2399 9999 9900 0019", "2399999999000019"),
        ("  23-АА  № 123456 ", "23-АА № 123456"),  # a policy of a former pattern
    ],
)
def test_medical_policy(typed: str, normal: str) -> None:
    assert parse_medical_policy(typed) == normal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2345678901234561", "medical_policy.checksum"),
        ("0000000000000000", "medical_policy.checksum"),
        (" ", "medical_policy.format"),
        ("1" * 33, "medical_policy.format"),
    ],
)
def test_wrong_medical_policy(text: str, code: str) -> None:
    assert _code(parse_medical_policy, text) == code


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 15), st.integers(1, 9))
def test_every_mistyped_digit_of_a_policy_is_noticed(number: str, place: int, by: int) -> None:
    policy = f"{number}{luhn_digit(number)}"
    mistyped = f"{policy[:place]}{(int(policy[place]) + by) % 10}{policy[place + 1 :]}"
    assert not number.strip("0") or parse_medical_policy(policy) == policy
    assert _code(parse_medical_policy, mistyped) == "medical_policy.checksum"


@given(st.text())
def test_a_policy_in_normal_form_stays(text: str) -> None:
    with suppress(InvalidIdentifier):
        policy = parse_medical_policy(text)
        assert parse_medical_policy(policy) == policy


@pytest.mark.parametrize(
    ("kind", "series", "number", "normal"),
    [
        (DocumentKind.BIRTH_CERTIFICATE, "iv аг", "654321", ("IV-АГ", "654321")),
        (DocumentKind.PASSPORT_RF, "03 14", "123456", ("0314", "123456")),
        (DocumentKind.OTHER, "", "  ab  12 ", ("", "AB 12")),
    ],
)
def test_document(kind: DocumentKind, series: str, number: str, normal: tuple[str, str]) -> None:
    assert parse_document(kind, series, number) == normal


@pytest.mark.parametrize(
    ("series", "number", "code"),
    [
        ("", " ", "document_number.format"),
        ("", "1" * 33, "document_number.format"),
        ("\x00", "1", "document_series.format"),
    ],
)
def test_other_document_is_refused(series: str, number: str, code: str) -> None:
    with pytest.raises(InvalidIdentifier) as caught:
        parse_document(DocumentKind.OTHER, series, number)
    assert caught.value.code == code


@given(st.sampled_from(DocumentKind), st.text(), st.text())
def test_normal_form_is_stable(kind: DocumentKind, series: str, number: str) -> None:
    try:
        normal = parse_document(kind, series, number)
    except InvalidIdentifier:
        return
    assert parse_document(kind, *normal) == normal
