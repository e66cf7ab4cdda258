"""Birth certificate and passport: normal forms and look-alike letters."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identifiers import (
    DocumentKind,
    InvalidIdentifier,
    parse_birth_certificate_number,
    parse_birth_certificate_series,
    parse_document,
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
