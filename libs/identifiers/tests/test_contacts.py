"""Telephone numbers: one form however they are typed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identifiers import InvalidIdentifier, parse_phone


@pytest.mark.parametrize(
    "typed",
    ["+7 861 200-00-00", "8 (861) 200-00-00", "78612000000", "861 200 00 00", " +7(861)200–00–00 ", "8.861.200.00.00"],
)
def test_a_number_has_one_form(typed: str) -> None:
    assert parse_phone(typed) == "+78612000000"


def test_a_number_of_another_country_keeps_its_code() -> None:
    assert parse_phone("+375 17 200-00-00") == "+375172000000"


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "200-00-00", "112", "+7 861 200-00-0", "+7 861 200-00-000", "1234567890", "375172000000"),
        *("8 861 200-00-00 доб. 1", "+0861200000000", "+78612000000+7", "٨٨٦١٢٠٠٠٠٠٠"),
    ],
)
def test_a_number_that_cannot_be_called_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier) as caught:
        parse_phone(text)
    assert caught.value.code == "phone.format"


@given(st.from_regex(r"\A\+?[0-9 ().-]{7,25}\Z") | st.text())
def test_the_form_is_stable(text: str) -> None:
    with suppress(InvalidIdentifier):
        phone = parse_phone(text)
        assert parse_phone(phone) == phone
        assert phone[1:].isdecimal()
