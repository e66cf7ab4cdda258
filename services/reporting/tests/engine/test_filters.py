from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import ColumnElement, column

from reporting.engine.errors import DefinitionError
from reporting.engine.fields import FIELDS
from reporting.engine.filters import parse_filter

FACT = {
    "age": 3,
    "grade": None,
    "sex": "female",
    "citizenship": "643",
    "main": True,
    "locality": "urban",
    "organization_kind": None,
    "rate": Decimal("0.5"),
    "foreign_languages": ("английский", "немецкий"),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age < 4", True),
        ("age between 4 and 6", False),
        ("age in (1, 3)", True),
        ("sex = 'female' and not citizenship <> '643'", True),
        ("sex = 'male' or main", True),
        ("not (sex = 'male' or main)", False),
        ("grade is null", True),
        ("rate <= 0.5 and rate > 0.333", True),
        ("rate < 1", True),
        ("foreign_languages has 'немецкий'", True),
        ("foreign_languages has 'нем'", False),
        ("not foreign_languages is null", True),
        ("grade is not null", False),
        ("grade = 1", None),
        ("not grade = 1", None),
        ("grade = 1 and sex = 'male'", False),
        ("grade = 1 or sex = 'female'", True),
        (None, True),
    ],
)
def test_follows_three_valued_logic(text: str | None, expected: bool | None) -> None:
    assert parse_filter(text).matches(FACT) is expected


def test_a_variable_is_bound_to_its_value() -> None:
    assert parse_filter("age = n", {"n": 3}).matches(FACT) is True


@pytest.mark.parametrize(
    "text",
    [
        "name = 'Иван'",
        "age = 'three'",
        "sex = 1",
        "main = 1",
        "main has 'x'",
        "foreign_languages = 'английский'",
        "age < 1.5",
        "age = n",
        "age <",
        "age = 1; drop table facts",
        "age = 1 and",
        "1 = age",
        "",
    ],
)
def test_refuses_what_it_does_not_know(text: str) -> None:
    with pytest.raises(DefinitionError):
        parse_filter(text)


def test_values_are_bound_parameters() -> None:
    columns: dict[str, ColumnElement[Any]] = {name: column(name) for name in FIELDS}
    hostile = parse_filter("sex = 'x; drop table placements' and age between 1 and 3").compile(columns)
    compiled = hostile.compile()
    assert "drop" not in str(compiled)
    assert "x; drop table placements" in compiled.params.values()
