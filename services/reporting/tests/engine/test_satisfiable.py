"""Every control of every edition has a report that passes it and a report that fails it."""

from datetime import date

import pytest

from reporting.engine.definition import Control, FormDefinition
from reporting.forms.service import catalog

from .search import witnesses


@pytest.mark.parametrize("form", [pytest.param(form, id=f"{form.form}-{form.edition}") for form in catalog()])
def test_every_control_can_be_passed_and_failed(form: FormDefinition) -> None:
    outcomes = {control.id: set(witnesses(form, control)) for control in form.controls}
    assert {name: found for name, found in outcomes.items() if found != {True, False}} == {}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{[7][*][3]}={[7][*][3]}", {True}),
        ("{[7][701][3]}>{[7][701][3]}", {False}),
        ("{[7][709][4]}=0", {True}),
        ("{[7][709][5]}=0", {True, False}),
        ("{[7][709][5]}<={{[7][709][5]}}", {True, False}),
    ],
)
def test_the_search_tells_a_control_that_says_nothing(rule: str, expected: set[bool]) -> None:
    shipped = catalog().edition("85-k", date(2026, 12, 31))
    assert shipped is not None
    section = next(one for one in shipped.sections if one.code == "7").model_copy(update={"closed": ("709:4",)})
    form = shipped.model_copy(update={"sections": (section,)})
    control = Control.model_validate(shipped.controls[0].model_dump() | {"rule": rule})
    assert set(witnesses(form, control)) == expected
