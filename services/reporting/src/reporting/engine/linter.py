"""Finds what is wrong with a definition before any report is built by it."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from math import prod

from reporting.engine.controls.places import frame_of, grid_of
from reporting.engine.controls.tree import Binary, Node, Reference, Total, references
from reporting.engine.definition import Control, FormDefinition, Section
from reporting.engine.errors import DefinitionError
from reporting.engine.fields import FACT_FIELDS
from reporting.engine.filters import Fact

_MAX_FACTS = 500_000
_MAX_CELLS = 1600  # a section is counted by one SELECT, whose target list PostgreSQL limits to 1664


def lint(form: FormDefinition) -> list[str]:
    """Every complaint about the definition, each naming its place; an empty list when it is good."""
    return list(_complaints(form))


def _complaints(form: FormDefinition) -> Iterator[str]:
    yield from _repeated("section", (section.code for section in form.sections))
    yield from _repeated("section's xml_code", (str(section.xml_code) for section in form.sections))
    yield from _repeated("control", (control.id for control in form.controls))
    if form.legal.status == "verified" and form.valid.confirmed_to is None:
        yield "the order is verified but valid does not say until when: confirmed_to"
    for section in form.sections:
        yield from _section(form, section)
    for control in form.controls:
        yield from _guarded(f"control {control.id}", _control(form, control))


def _section(form: FormDefinition, section: Section) -> Iterator[str]:
    place = f"section {section.code}"
    yield from _repeated(f"{place}: row", section.sheet.rows)
    yield from _repeated(f"{place}: column", section.sheet.columns)
    for key in section.keys:
        yield from _repeated(f"{place}: key {key.title}: code", tuple(term.code for term in key.terms))
    if len(section.rows) * len(section.columns) > _MAX_CELLS:
        yield f"{place}: more than {_MAX_CELLS} cells"
    yield from _guarded(place, _filters(form, section))
    yield from _guarded(f"{place}: closed", _closed(section))


def _closed(section: Section) -> Iterator[str]:
    yield from _repeated("cell", (f"{row}:{column}" for _, row, column in section.closed_cells()))


def _filters(form: FormDefinition, section: Section) -> Iterator[str]:
    place = f"section {section.code}"
    named = [section.filter, *(row.filter for row in section.rows), *(column.filter for column in section.columns)]
    if form.age_at is None and any("age" in one.fields() for one in named):
        yield f"{place}: counts by age but the form has no age_at"
    parts = [column for column in section.columns if column.partition]
    if not parts:
        return
    seen: set[tuple[str, ...]] = set()
    for fact in _facts(section):
        codes = tuple(column.code for column in parts if column.filter.matches(fact))
        if len(codes) != 1 and codes not in seen:
            seen.add(codes)
            yield f"{place}: columns {', '.join(codes)} overlap" if codes else f"{place}: no column counts {dict(fact)}"
    if not any(_is_total(control, section) for control in form.controls):
        codes = tuple(column.code for column in parts)
        yield f"{place}: no control says that a total is the sum of columns {', '.join(codes)}"


def _facts(section: Section) -> Iterator[Fact]:
    """Every fact the section counts and whose partition fields are known."""
    partition = frozenset[str]().union(*(column.filter.fields() for column in section.columns if column.partition))
    fields = sorted(partition | section.filter.fields())
    samples = [
        [one for one in FACT_FIELDS[name].samples if one is not None or name not in partition] for name in fields
    ]
    if prod(map(len, samples)) > _MAX_FACTS:
        raise DefinitionError("columns filter by too many fields to be checked")
    for values in product(*samples):
        fact = dict(zip(fields, values, strict=True))
        if section.filter.matches(fact):
            yield fact


def _is_total(control: Control, section: Section) -> bool:
    """Whether the control reads: in every row one column equals the sum of all partition columns."""
    rule = control.rule_node
    if not (isinstance(rule, Binary) and rule.symbol == "=" and control.condition is None):
        return False
    left, right = rule.left, rule.right
    if not (isinstance(left, Reference) and isinstance(right, Total) and isinstance(right.operand, Reference)):
        return False
    if left.previous or right.operand.previous:
        return False
    layout = {section.code: section.sheet}
    try:
        total, parts = grid_of(left, layout), grid_of(right.operand, layout)
    except DefinitionError:
        return False
    wanted = {column.code for column in section.columns if column.partition}
    return total.rows == parts.rows == section.sheet.rows and len(total.columns) == 1 and set(parts.columns) == wanted


def _control(form: FormDefinition, control: Control) -> Iterator[str]:
    nodes: list[Node] = [control.rule_node, *([control.condition_node] if control.condition_node else [])]
    for node in nodes:
        for one in references(node):
            grid_of(one, form.layout)
    frame_of(nodes, form.layout)
    if not any(True for one in references(control.rule_node)):
        yield f"control {control.id}: names no cell"


def _repeated(what: str, codes: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield f"{what} {code} is given {times} times"


def _guarded(place: str, complaints: Iterator[str]) -> Iterator[str]:
    try:
        yield from complaints
    except DefinitionError as error:
        yield f"{place}: {error}"
