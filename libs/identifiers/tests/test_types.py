"""Field types: the normal form, the code, the silence about the value."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from identifiers import BirthCertificateSeries, Inn, RegistrationNumber, Snils


class Card(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    snils: Snils | None = None
    inn: Inn | None = None
    ogrn: RegistrationNumber | None = None
    series: BirthCertificateSeries | None = None


def test_field_holds_the_normal_form() -> None:
    card = Card(snils="112-233-445 95", inn="7707083893", ogrn="304500116000157", series="iv-аг")
    assert card.model_dump() == {
        "snils": "11223344595",
        "inn": "7707083893",
        "ogrn": "304500116000157",
        "series": "IV-АГ",
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("snils", "112-233-445 96", "snils.checksum"),
        ("inn", "7707", "inn.format"),
        ("series", "1V-АГ", "birth_certificate_series.format"),
    ],
)
def test_error_carries_the_code_and_not_the_value(field: str, value: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Card.model_validate({field: value})
    (error,) = caught.value.errors(include_input=False)
    assert error["type"] == code
    assert value not in str(error)
    assert value not in str(caught.value)


def test_only_text_is_an_identifier() -> None:
    with pytest.raises(ValidationError):
        Card.model_validate({"snils": 11223344595})


def test_schema_shows_the_pattern_and_an_example() -> None:
    schema = Card.model_json_schema()["properties"]["inn"]["anyOf"][0]
    assert schema == {
        "type": "string",
        "title": "ИНН",
        "pattern": "^([0-9]{10}|[0-9]{12})$",
        "examples": ["7707083893"],
    }
