"""Identifiers pass their checksums and never repeat."""

from datetime import date
from random import Random

import pytest

from demodata import numbers
from identifiers import DocumentKind, parse_document, parse_ogrn, parse_organization_inn, parse_snils


def test_numbers_of_different_people_differ() -> None:
    serials = range(1, 20_001)
    for make in (
        numbers.snils,
        numbers.birth_certificate,
        numbers.phone,
        lambda n: numbers.passport(n, date(2024, 5, 1)),
    ):
        assert len({make(serial) for serial in serials}) == len(serials)


def test_a_serial_outside_the_space_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        numbers.phone(10_000_000)


def test_legal_entities_have_valid_inn_and_ogrn() -> None:
    rng = Random(1)
    for _ in range(500):
        inn, ogrn = numbers.inn(rng), numbers.ogrn(rng)
        assert parse_organization_inn(inn) == inn
        assert parse_ogrn(ogrn) == ogrn


def test_people_have_valid_documents() -> None:
    for serial in range(1, 500):
        assert parse_snils(numbers.snils(serial))
        series, number = numbers.birth_certificate(serial)
        assert parse_document(DocumentKind.BIRTH_CERTIFICATE, series, number) == (series, number)
        series, number = numbers.passport(serial, date(2024, 5, 1))
        assert parse_document(DocumentKind.PASSPORT_RF, series, number) == (series, number)
