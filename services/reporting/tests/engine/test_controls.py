from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.engine.cells import Sheet, Value
from reporting.engine.controls import Failure, evaluate, parse_rule
from reporting.engine.errors import DefinitionError

LAYOUT = {"7": Sheet(("701", "702"), ("3", "4", "5")), "2.1.1": Sheet(("01", "02", "03"), ("3",))}


def cells(*rows: tuple[Value, Value, Value]) -> dict[tuple[str, str, str], Value]:
    sheet = LAYOUT["7"]
    return {
        ("7", code, column): row[i]
        for code, row in zip(sheet.rows, rows, strict=True)
        for i, column in enumerate(sheet.columns)
    }


GOOD = cells((10, 4, 6), (5, 2, 3))


def places(
    rule: str, values: dict[tuple[str, str, str], Value] = GOOD, condition: str | None = None
) -> list[tuple[str, str]]:
    node = parse_rule(condition) if condition else None
    return [(one.row, one.column) for one in evaluate(parse_rule(rule), values, LAYOUT, condition=node)]


@pytest.mark.parametrize(
    "rule",
    [
        "{[7][*][3]}=sum{[7][*][4-5]}",
        "{[7][701][3]}=sum{[7][701][4,5]}",
        "{[7][701-702][3]}={[7][701-702][4]}+{[7][701-702][5]}",
        "{[7][702][*]}<={[7][701][*]}",
        "sum{[7][*][4-5]}=15",
        "sum{[7][701][4-5]}=sum{[7][701][3]}",
        "abs({[7][702][*]}-{[7][701][*]})<=5",
        "{[7][701][3]}*2-4/2=18",
        "{[7][701][4]}>0 and {[7][701][5]}>0 or {[7][701][3]}=0",
        "({[7][701][4]}>0 or {[7][701][5]}>0) and {[7][701][3]}<>0",
        "-{[7][701][4]}=4-8",
        "coalesce({[2.1.1][01][3]},7)=7",
        "{[2.1.1][*][3]}=0",
        "{[7][701][3]}/{[2.1.1][01][3]}=0",
    ],
)
def test_holds(rule: str) -> None:
    assert places(rule) == []


def test_a_sum_over_rows_fits_the_columns_it_is_compared_with() -> None:
    layout = {"1": Sheet(("1", "2", "3"), ("3", "4"))}
    values: dict[tuple[str, str, str], Value] = {
        ("1", "1", "3"): 5,
        ("1", "1", "4"): 2,
        ("1", "2", "3"): 3,
        ("1", "3", "3"): 2,
        ("1", "2", "4"): 1,
    }
    found = evaluate(parse_rule("{[1][1][*]}=sum{[1][2-3][*]}"), values, layout)
    assert found == [Failure("1", "1", "4", Decimal(2), Decimal(1))]


def test_names_the_place_and_both_sides() -> None:
    values = cells((11, 4, 6), (5, 2, 3))
    found = evaluate(parse_rule("{[7][*][3]}=sum{[7][*][4-5]}"), values, LAYOUT)
    assert found == [Failure("7", "701", "3", Decimal(11), Decimal(10))]


def test_condition_selects_cells() -> None:
    values = cells((10, 4, 6), (0, 2, 3))
    assert places("{[7][*][3]}>=5", values) == [("702", "3")]
    assert places("{[7][*][3]}>=5", values, "{[7][*][3]}>0") == []


def test_precision_rounds_both_sides_half_up() -> None:
    rule = parse_rule("{[7][701][4]}/{[7][701][3]}=0.3")
    values = cells((8, 2, 6), (0, 0, 0))
    assert evaluate(rule, values, LAYOUT, precision=1) == []
    assert evaluate(rule, values, LAYOUT, precision=2) == [Failure("7", "701", "4", Decimal("0.25"), Decimal("0.30"))]


def test_division_by_nothing_is_empty() -> None:
    assert places("5/{[2.1.1][01][3]}=0") == []


@pytest.mark.parametrize(
    "rule",
    [
        "{[7][701][3]}",
        "{[7][701][3]}+1",
        "({[7][701][3]}=1)+1=2",
        "{[7][701]}=1",
        "{7}=1",
        "1=1=1",
        "{[7][701][3]}=",
        "sum(1)=1",
    ],
)
def test_refuses_malformed_rules(rule: str) -> None:
    with pytest.raises(DefinitionError):
        parse_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "{[8][*][3]}=1",
        "{[7][703][3]}=1",
        "{[7][*][9]}=1",
        "{[7][702-701][3]}=1",
        "{[*][*][3]}=1",
        "{[7][*][3]}={[2.1.1][*][3]}",
    ],
)
def test_refuses_references_the_form_has_not(rule: str) -> None:
    with pytest.raises(DefinitionError):
        evaluate(parse_rule(rule), GOOD, LAYOUT)


values = st.none() | st.integers(0, 50)


@given(st.lists(st.tuples(values, values, values), min_size=2, max_size=2))
def test_agrees_with_the_arithmetic_written_by_hand(rows: list[tuple[Value, Value, Value]]) -> None:
    wrong = [
        code for code, row in zip(LAYOUT["7"].rows, rows, strict=True) if (row[0] or 0) != (row[1] or 0) + (row[2] or 0)
    ]
    assert [row for row, _ in places("{[7][*][3]}=sum{[7][*][4-5]}", cells(*rows))] == wrong
    assert [row for row, _ in places("{[7][*][3]}={[7][*][4]}+{[7][*][5]}", cells(*rows))] == wrong
