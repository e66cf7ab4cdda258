from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.engine.cells import Address, Cells, Sheet, Value
from reporting.engine.controls.evaluation import Failure, evaluate
from reporting.engine.controls.parser import parse_rule, print_rule
from reporting.engine.errors import DefinitionError

LAYOUT = {"7": Sheet(("701", "702"), ("3", "4", "5")), "2.1.1": Sheet(("01", "02", "03"), ("3",))}


def cells(*rows: tuple[Value, Value, Value]) -> dict[Address, Value]:
    sheet = LAYOUT["7"]
    return {
        ("7", code, column): row[i]
        for code, row in zip(sheet.rows, rows, strict=True)
        for i, column in enumerate(sheet.columns)
    }


GOOD = cells((10, 4, 6), (5, 2, 3))


def places(rule: str, values: dict[Address, Value] = GOOD, condition: str | None = None) -> list[tuple[str, str]]:
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
        "({[7][701][4]}>0 and {[7][701][5]}>0) or {[7][701][3]}=0",
        "({[7][701][4]}>0 or {[7][701][5]}>0) and {[7][701][3]}<>0",
        "-{[7][701][4]}=4-8",
        "coalesce({[2.1.1][01][3]},7)=7",
        "{[2.1.1][*][3]}=0",
        "{[7][701][3]}/{[2.1.1][01][3]}=0",
        "floor({[7][701][3]}/4)=2",
        "floor(0-{[7][701][3]}/4)=0-3",
        "isnull({[2.1.1][01][3]},7)=7",
        "isnull(nullif({[7][701][3]},10),3)=3",
        "isnull(nullif({[7][701][3]},11),3)=10",
        "round({[7][701][3]}/4,0)=3",
        "round({[7][701][3]}/4,0,1)=2",
        "sum({[7][*][4]}-1)=4",
        "sum(abs({[7][*][3]}-11))=7",
        "SUM{[7][*][3]}=15 AND ABS(3-4)=1",
        "isnull({[2.1.1][01][3]}*2,5)=5",
    ],
)
def test_holds(rule: str) -> None:
    assert places(rule) == []


def test_a_sum_over_rows_fits_the_columns_it_is_compared_with() -> None:
    layout = {"1": Sheet(("1", "2", "3"), ("3", "4"))}
    values: dict[Address, Value] = {
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
        "{[7][701][3]}=1 or {[7][701][4]}=1 and {[7][701][5]}=1",
        "round({[7][701][3]},{[7][701][4]})=1",
        "round({[7][701][3]})=1",
        "abs({[7][701][3]},1)=1",
        "coalesce({[7][701][3]})=1",
        "{{{[7][701][3]}}}=1",
        "{[7][701][3][a][b][c][d]}=1",
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


def keyed(**lines: tuple[Value, Value]) -> dict[Address, Value]:
    """Lines of the repeated row 02, and of row 03 where the name says so."""
    found: dict[Address, Value] = {("3", "01", "4"): 6}
    for name, values in lines.items():
        row, key = (name[1:3], name[3:]) if name.startswith("r") else ("02", name)
        found |= {("3", row, column, key): value for column, value in zip(("4", "5"), values, strict=True)}
    return found


KEYED = {"3": Sheet(("01", "02", "03"), ("4", "5"), {"02": (("a", "b", "c"),), "03": (("a", "b", "c"),)})}


def lines(rule: str, values: Cells) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.row, one.column, one.keys) for one in evaluate(parse_rule(rule), values, KEYED)]


def test_a_repeated_row_is_judged_line_by_line() -> None:
    report = keyed(b=(1, 2), a=(2, 0))
    assert lines("{[3][02][4][*]}>={[3][02][5][*]}", report) == [("02", "4", ("b",))]
    assert lines("{[3][02][4]}>={[3][02][5]}", report) == [("02", "4", ("b",))]
    assert lines("{[3][02][*][a]}>0", report) == [("02", "5", ())]
    assert lines("{[3][02][4][c]}>0", report) == [("02", "4", ())]
    assert lines("{[3][02][4][*]}>5", keyed()) == []
    assert lines("{[3][01][4]}=sum{[3][02][4][*]}*2", report) == []
    assert lines("{[3][01][4]}=sum{[3][02][4][b-c]}*6", report) == []
    assert lines("{[3][02][4][*]}=sum{[3][02][5][*]}", report) == [("02", "4", ("a",)), ("02", "4", ("b",))]


def test_lines_of_two_rows_go_side_by_side_by_their_keys() -> None:
    report = keyed(a=(1, 0), c=(4, 0), r03c=(4, 0), r03b=(1, 0))
    assert lines("{[3][02][4][*]}={[3][03][4][*]}", report) == [("02", "4", ("a",)), ("02", "4", ("b",))]


def test_a_fault_forgives_in_a_rule_and_not_in_a_condition() -> None:
    values = cells((10, 9, 12), (1, 1, 1))
    for rule, wide in {"{[7][701][3]}={[7][701][4]}": 1, "{[7][701][3]}<={[7][701][4]}": 1}.items():
        for fault in (Decimal("0.9"), Decimal(wide)):
            assert bool(evaluate(parse_rule(rule), values, LAYOUT, fault=fault)) is (fault < wide)
    assert evaluate(parse_rule("{[7][701][3]}<>{[7][701][4]}"), values, LAYOUT, fault=Decimal(1))
    assert evaluate(parse_rule("{[7][701][3]}<{[7][701][4]}"), values, LAYOUT, fault=Decimal(5))
    condition = parse_rule("{[7][701][3]}={[7][701][4]}")
    never = parse_rule("{[7][701][3]}<0")
    assert evaluate(never, values, LAYOUT, condition=condition, fault=Decimal(1)) == []


def test_the_previous_period_is_compared_with_once_there_is_one() -> None:
    rule = parse_rule("abs({[7][*][3]}-{{[7][*][3]}})<=0.3*{{[7][*][3]}}")
    assert evaluate(rule, GOOD, LAYOUT) == []
    assert evaluate(rule, GOOD, LAYOUT, previous=GOOD) == []
    found = evaluate(rule, GOOD, LAYOUT, previous=cells((10, 0, 0), (9, 0, 0)))
    assert [(one.row, one.left, one.right) for one in found] == [("702", Decimal(4), Decimal(3))]
    assert len(evaluate(rule, GOOD, LAYOUT, previous={})) == 2


def test_long_products_stay_exact() -> None:
    values = cells((10**15 - 1, 10**15 - 1, 1), (0, 0, 0))
    assert evaluate(parse_rule("{[7][701][3]}*{[7][701][4]}*{[7][701][3]}>1"), values, LAYOUT, precision=10) == []


axes = st.sampled_from(["*", "1", "01,03-05", "4-7"])
numbers = st.recursive(
    st.sampled_from(["1", "0.50", "12"])
    | st.builds(lambda rows, columns: f"{{[2.1.1][{rows}][{columns}]}}", axes, axes)
    | st.builds(lambda rows, key: f"{{{{[7][{rows}][3][{key}][*]}}}}", axes, st.sampled_from(["a", "*", "a-b.1,c"]))
    | st.builds(lambda rows: f"sum{{[7][{rows}][3]}}", axes),
    lambda inner: (
        st.builds(lambda left, symbol, right: f"({left}){symbol}({right})", inner, st.sampled_from("+-*/"), inner)
        | st.builds(lambda one: f"abs({one})", inner)
        | st.builds(lambda one: f"-({one})", inner)
        | st.builds(lambda one: f"round({one},1,1)", inner)
        | st.builds(lambda one, other: f"coalesce({one},{other})", inner, inner)
    ),
    max_leaves=6,
)
comparisons = st.builds(
    lambda left, symbol, right: f"{left}{symbol}{right}", numbers, st.sampled_from(["=", "<>", "<="]), numbers
)
rules = st.recursive(
    comparisons,
    lambda inner: st.builds(
        lambda left, symbol, right: f"({left}) {symbol} ({right})", inner, st.sampled_from(["and", "or"]), inner
    ),
    max_leaves=4,
)


@given(rules)
def test_what_is_printed_reads_back_as_the_same(text: str) -> None:
    node = parse_rule(text)
    assert parse_rule(print_rule(node)) == node


def test_prints_with_other_codes_of_sections() -> None:
    rule = "({[2.1.1][01,03-05][*]}-{{[7][1][3]}})*2>=sum{[2.1.1][*][4]}"
    printed = print_rule(parse_rule(rule), {"2.1.1": "1", "7": "7"}.__getitem__)
    assert printed == rule.replace("2.1.1", "1")


values = st.none() | st.integers(0, 50)


@given(st.lists(st.tuples(values, values, values), min_size=2, max_size=2))
def test_agrees_with_the_arithmetic_written_by_hand(rows: list[tuple[Value, Value, Value]]) -> None:
    wrong = [
        code for code, row in zip(LAYOUT["7"].rows, rows, strict=True) if (row[0] or 0) != (row[1] or 0) + (row[2] or 0)
    ]
    assert [row for row, _ in places("{[7][*][3]}=sum{[7][*][4-5]}", cells(*rows))] == wrong
    assert [row for row, _ in places("{[7][*][3]}={[7][*][4]}+{[7][*][5]}", cells(*rows))] == wrong
