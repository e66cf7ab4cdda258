"""Numbers of people: the text itself for programs, a mask for whoever prints them."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from identifiers import (
    PersonalText,
    Phone,
    Snils,
    parse_birth_certificate_number,
    parse_medical_policy,
    parse_passport_number,
    parse_passport_series,
    parse_person_inn,
    parse_phone,
    parse_snils,
)


@dataclass
class Found:
    snils: str


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        (parse_snils("112-233-445 95"), "***95"),
        (parse_person_inn("500100732259"), "***59"),
        (parse_medical_policy("2345678901234560"), "***60"),
        (parse_birth_certificate_number("654321"), "***21"),
        (parse_passport_number("123456"), "***56"),
        (parse_passport_series("0314"), "***"),
        (parse_phone("+7 861 200-00-00"), "***00"),
    ],
)
def test_what_is_printed_is_masked(number: PersonalText, mask: str) -> None:
    assert number.masked() == mask
    for printed in (repr(Found(number)), repr([number]), f"{number!r}", str(ValueError([number]))):
        assert number not in printed
        assert mask in printed


@given(st.text())
def test_as_a_value_it_is_the_text(text: str) -> None:
    number = PersonalText(text)
    assert number == text
    assert hash(number) == hash(text)
    assert f"{number}" == str(number) == "-".join(number.split("-")) == text
    assert json.dumps(number) == json.dumps(text)


@pytest.mark.parametrize(
    ("kind", "typed", "normal"), [(Snils, "112-233-445 95", "11223344595"), (Phone, "8 861 200-00-00", "+78612000000")]
)
def test_a_field_holds_it_and_writes_it_whole(kind: Any, typed: str, normal: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)
    value = adapter.validate_python(typed)
    assert isinstance(value, PersonalText)
    assert adapter.dump_python(value, mode="json") == normal
    assert adapter.dump_json(value).decode() == f'"{normal}"'
