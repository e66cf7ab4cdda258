"""Derived cells, held to the controls that say the same in Rosstat's language."""

import random
from decimal import Decimal

import pytest

from reporting.engine.cells import Address, Value
from reporting.engine.controls.evaluation import evaluate
from reporting.engine.definition import FormDefinition
from reporting.engine.implied import implied
from reporting.engine.totals import derived
from reporting.forms.service import catalog

from ..everything import EVERYTHING

FORMS = [EVERYTHING, *catalog()]


def random_cells(form: FormDefinition, chance: random.Random) -> dict[Address, Value]:
    """Open cells with values or empty ones; totals too, which are to be forgotten."""
    cells: dict[Address, Value] = {}
    for section in form.sections:
        closed = set(section.closed_cells())
        for row in section.sheet.rows:
            known = section.sheet.repeated.get(row)
            lines = [()] if known is None else [(key,) for key in known[0] if chance.random() < 0.6]
            for address in ((section.code, row, column) for column in section.sheet.columns):
                if address not in closed:
                    cells |= {(*address, *keys): chance.choice((None, 0, 2, 7, Decimal("1.5"))) for keys in lines}
    return cells


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.form}-{form.edition}")
def test_what_is_derived_keeps_what_it_implies(form: FormDefinition) -> None:
    chance = random.Random(form.form)
    for _ in range(5):
        cells = random_cells(form, chance)
        found = derived(form, cells)
        assert derived(form, found) == found
        for control in implied(form):
            assert evaluate(control.rule_node, found, form.layout, precision=3) == [], control.rule
    rows = {(section.code, row.code) for section in form.sections for row in section.rows if row.derive}
    columns = {(section.code, one.code) for section in form.sections for one in section.columns if one.derive}
    made = {one for one in found if one[:2] in rows or (one[0], one[2]) in columns}
    assert {one: value for one, value in found.items() if one not in made} == {
        one: value for one, value in cells.items() if one not in made
    }


def test_a_total_that_is_not_its_parts_fails_what_is_implied() -> None:
    cells = derived(EVERYTHING, random_cells(EVERYTHING, random.Random(1)))
    for address in (("1", "01", "3"), ("1", "03", "5"), ("1", "07", "6")):
        wrong = cells | {address: Decimal(cells[address] or 0) + 1}
        failing = [
            one.rule for one in implied(EVERYTHING) if evaluate(one.rule_node, wrong, EVERYTHING.layout, precision=3)
        ]
        assert failing, address


def test_empty_parts_add_nothing_and_no_parts_are_nothing() -> None:
    cells: dict[Address, Value] = {("1", "01", "4"): 3, ("1", "01", "5"): None, ("1", "02", "4"): None}
    found = derived(EVERYTHING, cells)
    assert (found["1", "01", "3"], found["1", "02", "3"], found["1", "03", "4"]) == (3, None, 3)
