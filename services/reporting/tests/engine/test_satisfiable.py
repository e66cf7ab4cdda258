"""Every control of every edition has a report that passes it and a report that fails it."""

import random
from collections.abc import Iterator
from datetime import date

import pytest

from reporting.engine.cells import Address, Value
from reporting.engine.controls.evaluation import evaluate
from reporting.engine.definition import Control, FormDefinition
from reporting.forms.service import catalog

Report = dict[Address, Value]
VALUES: tuple[Value, ...] = (None, -1, 0, 1, 2, 10)


def candidates(form: FormDefinition, chance: random.Random) -> Iterator[Report]:
    """The zero report, those that differ from it in one cell, random ones; closed cells stay empty."""
    closed = {address for section in form.sections for address in section.closed_cells()}
    every = (
        (code, row, column)
        for code, sheet in form.layout.items()
        for row in sheet.rows
        if row not in sheet.repeated
        for column in sheet.columns
    )
    lines = (
        (code, row, column, *(codes[0] for codes in keys))
        for code, sheet in form.layout.items()
        for row, keys in sheet.repeated.items()
        for column in sheet.columns
    )
    open_cells = [address for address in (*every, *lines) if address[:3] not in closed]
    zero: Report = dict.fromkeys(open_cells, 0)
    yield zero
    for address in open_cells:
        yield from (zero | {address: value} for value in (-1, 1, 10))
    for _ in range(500):
        yield {address: chance.choice(VALUES) for address in open_cells}


def outcomes(form: FormDefinition, control: Control) -> set[bool]:
    """Whether a report passes the control, whether one fails it, as far as the search finds."""
    chance, found = random.Random(control.id), set[bool]()
    pasts = candidates(form, random.Random(0)) if control.compares_periods else None
    for cells in candidates(form, chance):
        failures = evaluate(
            control.rule_node, cells, form.layout,
            condition=control.condition_node, precision=control.precision, fault=control.fault,
            previous=next(pasts, None) if pasts else None,
        )  # fmt: skip
        found.add(not failures)
        if len(found) == 2:
            break
    return found


@pytest.mark.parametrize(
    ("form", "control"),
    [pytest.param(form, control, id=f"{form.form}-{form.edition}-{control.id}") for form in catalog() for control in form.controls],
)  # fmt: skip
def test_a_control_can_be_passed_and_failed(form: FormDefinition, control: Control) -> None:
    assert outcomes(form, control) == {True, False}


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
    section = shipped.sections[0].model_copy(update={"closed": ("709:4",)})
    form = shipped.model_copy(update={"sections": (section,)})
    control = Control.model_validate(shipped.controls[0].model_dump() | {"rule": rule})
    assert outcomes(form, control) == expected
