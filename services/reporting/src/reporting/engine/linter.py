"""Finds what is wrong with a definition before any report is built by it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import product

from reporting.engine.controls.places import frame_of, grid_of
from reporting.engine.controls.tree import Binary, Node, Reference, Total, references
from reporting.engine.definition import Control, FormDefinition
from reporting.engine.errors import DefinitionError
from reporting.engine.fields import AGED, DATASETS, FIELDS
from reporting.engine.filters import Filter, named
from reporting.engine.measures import MEASURES, Measure, Tally
from reporting.engine.sampling import samples
from reporting.engine.section import Column, Key, Row, Section

WHOLE = frozenset({698, 792})
"""Units of measure (ОКЕИ) that come whole: places, people."""


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
    yield from _sheets(form)
    for control in form.controls:
        yield from _guarded(f"control {control.id}", _control(form, control))


def _section(form: FormDefinition, section: Section) -> Iterator[str]:
    place = f"section {section.code}"
    yield from _repeated(f"{place}: row", section.sheet.rows)
    yield from _repeated(f"{place}: column", section.sheet.columns)
    yield from _guarded(place, _fields(form, section))
    yield from _guarded(place, _partition(form, section))
    for rows in (section.rows, section.columns):
        yield from _guarded(place, _derivations(place, rows))
    yield from _guarded(place, _twice(section))
    yield from _guarded(f"{place}: closed", _closed(section))
    yield from _guarded(place, _carried(place, section))
    yield from _precision(place, section)
    for key in section.keys:
        yield from _key(f"{place}: key {key.title}", key, section)


def _closed(section: Section) -> Iterator[str]:
    yield from _repeated("cell", (f"{row}:{column}" for _, row, column in section.closed_cells()))


def _carried(place: str, section: Section) -> Iterator[str]:
    """Only what people fill is carried over: the rest is counted anew."""
    closed = set(section.closed_cells())
    filled = [
        (row, column)
        for row in section.rows
        for column in section.columns
        if section.carries(row, column) and (section.code, row.code, column.code) not in closed
    ]
    rows, columns = {row.code for row, _ in filled}, {column.code for _, column in filled}
    if section.carry and not filled:
        yield f"{place}: nothing of it is filled by hand, so that nothing is carried over"
    for what, parts, found in (("row", section.rows, rows), ("column", section.columns, columns)):
        for one in parts:
            if one.carry and one.code not in found:
                yield f"{place}: {what} {one.code} is not filled by hand, so that nothing of it is carried over"


def _precision(place: str, section: Section) -> Iterator[str]:
    """People and places are whole, and so is whatever is counted one by one."""
    for row, column in product(section.rows, section.columns):
        tally = section.tally(row, column)
        counted = tally is not None and (tally.field is None or FIELDS[tally.field].kind is int)
        if section.decimals(row, column) and (counted or section.okei(row, column) in WHOLE):
            yield f"{place}: row {row.code}, column {column.code}: whole numbers have no digits after the point"


def _filters(section: Section) -> list[Filter]:
    return [section.filter, *(row.filter for row in section.rows), *(column.filter for column in section.columns)]


def _fields(form: FormDefinition, section: Section) -> Iterator[str]:
    """What the section counts by is there, and takes the values that filters name."""
    place = f"section {section.code}"
    for name in sorted(section.fields - DATASETS[section.facts].keys()):
        yield f"{place}: {section.facts} have no field {name}"
    if form.age_at is None and section.fields & AGED:
        yield f"{place}: counts by age but the form has no age_at"
    for one in _filters(section):
        for name, value in named(one):
            field = FIELDS[name]
            if field.kind is str and not field.is_open and value not in field.samples:
                yield f"{place}: field {name} is never {value!r}"


def _key(place: str, key: Key, section: Section) -> Iterator[str]:
    """The terms of a key are apart, and fields that rows are told apart by are words."""
    yield from _repeated(f"{place}: code", tuple(term.code for term in key.terms))
    fields = {row.by for row in section.rows if row.by is not None}
    if not fields:
        return
    yield from _repeated(f"{place}: value", tuple(word for term in key.terms for word in term.words))
    others = [term for term in key.terms if term.other]
    if len(others) > 1 or any(term.values for term in others):
        yield f"{place}: one term takes all others, and names none"
    for name in sorted(name for name in fields if name in FIELDS):
        if FIELDS[name].kind not in {str, tuple}:
            yield f"{place}: field {name} has no words to tell lines apart by"
        elif FIELDS[name].kind is tuple and others:
            yield f"{place}: field {name} is a list, no term can take all others"


def _partition(form: FormDefinition, section: Section) -> Iterator[str]:
    """Columns that part the whole take each fact once, and something says what they sum up to."""
    place = f"section {section.code}"
    parts = [column for column in section.columns if column.partition]
    if not parts:
        return
    partition = frozenset[str]().union(*(column.filter.fields() for column in parts))
    seen: set[tuple[str, ...]] = set()
    for fact in samples([section.filter, *(column.filter for column in parts)], partition):
        if section.filter.matches(fact):
            codes = tuple(column.code for column in parts if column.filter.matches(fact))
            if len(codes) != 1 and codes not in seen:
                seen.add(codes)
                yield f"{place}: columns {', '.join(codes)} overlap" if codes else f"{place}: no column counts {fact}"
    if not any(_sums_up(column, section) for column in section.columns) and not any(
        _is_total(control, section) for control in form.controls
    ):
        codes = tuple(column.code for column in parts)
        yield f"{place}: no control says that a total is the sum of columns {', '.join(codes)}"


def _sums_up(column: Column, section: Section) -> bool:
    """Whether a derived column is the sum of all partition columns."""
    if column.derivation is None:
        return False
    return sorted(column.derivation.among(section.sheet.columns)) == sorted(
        (1, one.code) for one in section.columns if one.partition
    )


def _is_total(control: Control, section: Section) -> bool:
    """Whether the control reads: in every row one column equals the sum of all partition columns, and of some filled by hand."""
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
    counted = set(parts.columns) - {column.code for column in section.columns if column.input == "manual"}
    return total.rows == parts.rows == section.sheet.rows and len(total.columns) == 1 and counted == wanted


def _derivations(place: str, parts: Sequence[Row] | Sequence[Column]) -> Iterator[str]:
    """What is derived names what is there, and never itself."""
    known = tuple(one.code for one in parts)
    graph: dict[str, Sequence[str]] = {}
    for one in parts:
        if one.derivation is not None:
            terms = one.derivation.among(known)
            graph[one.code] = [code for _, code in terms]
            yield from _repeated(f"{place}: derived {one.code}: code", tuple(code for _, code in terms))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"{place}: derived from itself: {', '.join(dict.fromkeys(error.args[1]))}"


def _twice(section: Section) -> Iterator[str]:
    """A total is derived only of parts that no class, set, worker or learner can be in several of."""
    place, closed, known = f"section {section.code}", set(section.closed_cells()), section.sheet
    rows, columns = {one.code: one for one in section.rows}, {one.code: one for one in section.columns}
    for row, column in product(section.rows, section.columns):
        if column.derivation is not None and (section.code, row.code, column.code) not in closed:
            parts = [columns[code] for _, code in column.derivation.among(known.columns)]
            for measure in _split(section, [(row, part, part.filter) for part in parts]):
                yield f"{place}: {measure} of row {row.code} may be in several parts of column {column.code}: count it"
    for row in section.rows:
        for _, code in row.derivation.among(known.rows) if row.derivation is not None else ():
            cells = ([(rows[code], column, rows[code].filter)] for column in section.columns)
            for measure in dict.fromkeys(one for cell in cells for one in _split(section, cell)):
                yield f"{place}: {measure} of row {code} may be in several parts of row {row.code}: count it"


def _split(section: Section, cells: Iterable[tuple[Row, Column, Filter]]) -> Iterator[Measure]:
    """What some cells count that may be in several of them, by the filters that tell the cells apart."""
    named: dict[Measure, frozenset[str]] = {}
    for row, column, one in cells:
        measure = section.measure(row, column)
        if measure is not None:
            named[measure] = named.get(measure, frozenset()) | one.fields()
    for measure, fields in named.items():
        alike = _alike(section, MEASURES[section.facts][measure])
        if alike is not None and fields - alike:
            yield measure


def _alike(section: Section, tally: Tally) -> frozenset[str] | None:
    """Fields that do not split a measure's members; ``None`` when nothing does."""
    if tally.alike is None:
        return None
    if tally.once is not None and tally.once[0] in section.filter.fields():
        name, value = tally.once
        if all(fact[name] == value for fact in samples([section.filter]) if section.filter.matches(fact)):
            return None
    return tally.alike


def _sheets(form: FormDefinition) -> Iterator[str]:
    """Sheets of one section count nothing twice."""
    sheets: dict[str, list[Section]] = defaultdict(list)
    for section in form.sections:
        if section.one_of is not None:
            sheets[section.one_of.of].append(section)
    for of, found in sheets.items():
        yield from _guarded(f"sheets of {of}", _overlapping(of, found))


def _overlapping(of: str, sheets: Sequence[Section]) -> Iterator[str]:
    seen: set[tuple[str, ...]] = set()
    for fact in samples([one.filter for one in sheets]):
        codes = tuple(one.code for one in sheets if one.filter.matches(fact))
        if len(codes) > 1 and codes not in seen:
            seen.add(codes)
            yield f"sheets of {of}: {', '.join(codes)} overlap"


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
