"""Where the oracle differs from the language as we read it: each case, and why ours stands."""

from typing import Any

import pytest

from reporting.engine.cells import Address, Cells, Value
from reporting.engine.controls.evaluation import evaluate
from reporting.engine.controls.parser import parse_rule
from reporting.engine.errors import DefinitionError

from .asking import Ask, ours
from .forms import control, form


def cells(section: str, row: str, *values: int | None, keys: tuple[str, ...] = ()) -> dict[Address, Value]:
    return {(section, row, str(column), *keys): value for column, value in enumerate(values, 3)}


ROW = cells("7", "01", 1, 2, None, None, 7)
GRID = ROW | cells("7", "02", 5, 2, 0, 0, 0)
LINES = cells("3", "02", 1, 1, 1, 1, 1, keys=("a",)) | cells("3", "02", 5, 5, 5, 5, 5, keys=("b",))

CASES: list[tuple[str, dict[str, Any], Cells, bool, bool]] = [
    # An empty cell is 0 in a comparison, so two empty ones are equal; there, nothing equals nothing.
    ("{[7][01][5]}<>{[7][01][6]}", {}, ROW, False, True),
    # A tolerance forgives; there, it also turns over what holds by less than it.
    ("{[7][01][3]}<={[7][01][4]}", {"fault": "1"}, ROW, True, False),
    ("{[7][01][4]}>={[7][01][3]}", {"fault": "1"}, ROW, True, False),
    # Halves are rounded up, as in statistics; there, to the even digit.
    ("{[7][01][3]}/2=1", {"precision": 0}, ROW, True, False),
    # round(x, digits, 1) cuts off after the digits; there, after the whole part.
    ("round({[7][01][7]}/4,1,1)=1.7", {"precision": 1}, ROW, True, False),
    # Functions work cell by cell; there, nullif compares and coalesce chooses whole operands.
    ("isnull(nullif({[7][02][5]},0),9)=9", {}, GRID, True, False),
    ("coalesce({[7][01][3-5]},9)<=2 or {[7][01][3-5]}=0", {}, GRID, True, False),
    # Two sums are totals; there, a sum folds by the next cells named, be they a sum themselves.
    ("sum{[7][01-02][3]}=sum{[7][01-02][4-5]}+2", {}, GRID, True, False),
    # A condition of a row chooses rows; there, a condition of another shape than the rule chooses all or nothing.
    ("{[7][01-02][3-4]}<=2", {"condition": "{[7][01-02][7]}>0"}, GRID, True, False),
    ("{[7][01-02][3]}<=2 and {[7][01-02][4]}=2", {"condition": "{[7][01-02][7]}>0"}, GRID, True, False),
    # A rule over the lines of a repeated row has nothing to say when there is none; there, there is one empty line.
    ("{[3][02][3][*]}>0", {}, ROW, True, False),
    # Lines go side by side by their keys, and one that is not there is empty; there, by their order, if their numbers fit.
    ("{[3][02][3][*]}<={[3][03][3][*]}", {}, LINES | cells("3", "03", 5, keys=("b",)), False, True),
]


def test_what_differs_and_why(ask: Ask) -> None:
    told = ask([(form([control(rule, **more)]), [report]) for rule, more, report, _, _ in CASES])
    for (rule, more, report, here, there), (theirs,) in zip(CASES, told, strict=True):
        mine = ours(form([control(rule, **more)]), report)
        assert (rule, mine[rule].holds, theirs[rule].holds) == (rule, here, there)


def test_the_oracle_does_not_compare_periods(ask: Ask) -> None:
    # It passes such a control over; ours says the same of a first report, and judges every later one.
    rule = "{[7][01][3]}<={{[7][01][3]}}"
    ((theirs,),) = ask([(form([control(rule)]), [ROW])])
    assert theirs[rule].holds
    (failure,) = evaluate(parse_rule(rule), ROW, form([]).layout, previous={("7", "01", "3"): 0})
    assert [failure.left, failure.right] == [1, 0]


def test_and_beside_or_needs_brackets() -> None:
    # There, they bind alike and from the left; elsewhere `and` binds first. Whoever writes a rule says what is meant.
    with pytest.raises(DefinitionError):
        parse_rule("{[7][01][3]}=1 or {[7][01][4]}=1 and {[7][01][5]}=1")
