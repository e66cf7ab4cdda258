"""Which cells tell of health: those that tell the word of illness of a field from its usual one."""

import pytest

from reporting.engine.filters import given, parse_filter
from reporting.engine.health import tells, told_by
from reporting.forms.service import catalog


@pytest.mark.parametrize(
    ("filter_", "told"),
    [
        ("class_type = 'adapted'", True),
        ("class_type = 'ordinary'", True),
        ("class_type <> 'adapted' and grade = 1", True),
        ("not (class_type is null or class_type in ('ordinary', 'cadet'))", True),
        ("grade = 1 and (sex = 'male' or class_type = 'adapted')", True),
        ("class_type = 'in_depth' and grade = 1", False),
        ("class_type is not null", False),
        ("class_type in ('ordinary', 'adapted') and sex = 'male'", False),
        ("sex = 'male' or not class_type = 'lyceum'", False),
    ],
)  # fmt: skip
def test_a_filter_tells_who_is_in_an_adapted_class(filter_: str, told: bool) -> None:
    parsed = parse_filter(filter_)
    assert (given(parsed, "class_type", "adapted") != given(parsed, "class_type", "ordinary")) is told


def test_what_is_left_of_a_filter() -> None:
    parsed = parse_filter("grade = 1 and (class_type = 'adapted' or sex = 'male')")
    assert given(parsed, "class_type", "adapted") == parse_filter("grade = 1")
    assert given(parsed, "class_type", "lyceum") == parse_filter("grade = 1 and sex = 'male'")
    assert given(parse_filter(None), "class_type", "lyceum") is True
    assert given(parse_filter("class_type = 'adapted'"), "class_type", "lyceum") is False


def test_cells_of_the_forms_that_tell_of_health() -> None:
    forms = {one.form: one for one in catalog()}
    assert {code for code, form in forms.items() if told_by(form)} == {"oo-1", "85-k", "1-dop"}
    told = {
        (section.code, row.code)
        for section in forms["oo-1"].sections
        for row in section.rows
        if tells(section, row, section.columns[0])
    }
    assert {("2.1.1", "02"), ("2.1.2", "01")} <= told
    assert not told & {("2.1.1", "04"), ("2.1.1", "06")}, "gymnasiums are open to everybody"
