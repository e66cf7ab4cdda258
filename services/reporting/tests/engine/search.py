"""Reports that a control passes and reports that fail it, found by search among the cells that it reads."""

import random
from collections.abc import Iterator

from reporting.engine.cells import Address, Value
from reporting.engine.controls.evaluation import evaluate
from reporting.engine.controls.places import grid_of
from reporting.engine.controls.tree import references
from reporting.engine.definition import Control, FormDefinition

Report = dict[Address, Value]
_VALUES: tuple[Value, ...] = (None, -1, 0, 1, 2, 10, 500)
_RANDOM_REPORTS = 500


def witnesses(form: FormDefinition, control: Control) -> dict[bool, Report]:
    """A report that passes the control and one that fails it, as far as the search finds them; other cells are empty."""
    found: dict[bool, Report] = {}
    addresses = list(_read_by(form, control))
    pasts = _candidates(addresses, random.Random(0)) if control.compares_periods else None
    for cells in _candidates(addresses, random.Random(control.id)):
        failures = evaluate(
            control.rule_node, cells, form.layout,
            condition=control.condition_node, precision=control.precision, fault=control.fault,
            previous=next(pasts, None) if pasts else None,
        )  # fmt: skip
        found.setdefault(not failures, cells)
        if len(found) == 2:
            break
    return found


def _read_by(form: FormDefinition, control: Control) -> Iterator[Address]:
    """Open cells the control reads, each once; of a repeated row the line of the first keys it may read."""
    closed = {address for section in form.sections for address in section.closed_cells()}
    nodes = [control.rule_node, *([control.condition_node] if control.condition_node else [])]
    seen: set[Address] = set()
    for grid in (grid_of(one, form.layout) for node in nodes for one in references(node)):
        for i, lines in enumerate(grid.lines):
            keys = tuple(codes[0] for codes in lines)
            for j in range(len(grid.columns)):
                address = grid.address(i, j, keys)
                if address is not None and address[:3] not in closed and address not in seen:
                    seen.add(address)
                    yield address


def _candidates(addresses: list[Address], chance: random.Random) -> Iterator[Report]:
    """The zero report, those that differ from it in one cell, random ones."""
    zero: Report = dict.fromkeys(addresses, 0)
    yield zero
    for address in addresses:
        yield from (zero | {address: value} for value in (-1, 1, 10))
    for _ in range(_RANDOM_REPORTS):
        yield {address: chance.choice(_VALUES) for address in addresses}
