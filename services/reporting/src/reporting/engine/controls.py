"""Controls of a form: the control language parsed, and its meaning over the form's cells.

A reference ``{[section][rows][columns]}`` denotes a grid of cells. Operators work cell by cell; a grid of one row, one
column or one cell stretches to the other operand. ``sum{…}`` folds a grid so that it fits what it is compared with:
into one value a row when the rows are the same, into one value a column when the columns are, else into one value.
An empty cell is 0 in a comparison and in arithmetic. Source: Rosstat order of 28.10.2010 № 372.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

from reporting.engine.cells import Cells, Codes, Layout, Value
from reporting.engine.errors import DefinitionError

_ZERO = Decimal(0)
_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Number:
    """A literal."""

    value: Decimal


@dataclass(frozen=True)
class Reference:
    """``{[section][rows][columns]}``; ``folded`` when under ``sum``."""

    section: Codes
    rows: Codes
    columns: Codes
    folded: bool = False


@dataclass(frozen=True)
class Function:
    """``abs`` of one operand or ``coalesce`` of several."""

    name: str
    operands: tuple["Node", ...]


@dataclass(frozen=True)
class Binary:
    """Two operands joined by arithmetic, a comparison, ``and`` or ``or``."""

    symbol: str
    left: "Node"
    right: "Node"


Node = Number | Reference | Function | Binary


@dataclass(frozen=True)
class Shape:
    """Where a grid stands: its section, rows and columns. Literals and folds have ``*`` on the folded axes."""

    section: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]


_POINT = Shape("", ("*",), ("*",))


@dataclass(frozen=True)
class Grid:
    """Numbers or truth values over a shape, row by row."""

    shape: Shape
    values: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Failure:
    """One place where a rule does not hold. ``left`` and ``right`` are set for a rule of one comparison."""

    section: str
    row: str
    column: str
    left: Decimal | None = None
    right: Decimal | None = None


class _Build(Transformer[Token, Node]):
    def every(self, _: list[Token]) -> Codes:
        return Codes(None)

    def span(self, items: list[Token]) -> tuple[str, str]:
        return str(items[0]), str(items[-1])

    def codes(self, items: list[tuple[str, str]]) -> Codes:
        return Codes(tuple(items))

    def reference(self, items: list[Codes]) -> Node:
        section, rows, columns = items
        return Reference(section, rows, columns)

    def number(self, items: list[Token]) -> Node:
        return Number(Decimal(items[0]))

    def total(self, items: list[Reference]) -> Node:
        return Reference(items[0].section, items[0].rows, items[0].columns, folded=True)

    def absolute(self, items: list[Node]) -> Node:
        return Function("abs", tuple(items))

    def coalesce(self, items: list[Node]) -> Node:
        return Function("coalesce", tuple(items))

    def minus(self, items: list[Node]) -> Node:
        return Binary("-", Number(_ZERO), items[0])

    def arithmetic(self, items: list[Any]) -> Node:
        return items[0] if len(items) == 1 else Binary(str(items[1]).lower(), items[0], items[2])

    compared = arithmetic
    logic = arithmetic


@cache
def _parser() -> Lark:
    grammar = resources.files("reporting.engine").joinpath("controls.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr")


def parse_rule(text: str) -> Node:
    """Read a rule or a condition; raises ``DefinitionError`` unless it is well formed and true or false."""
    try:
        node = _Build().transform(_parser().parse(text))
    except LarkError as error:
        raise DefinitionError(f"bad control {text!r}") from error
    if not _is_truth(node):
        raise DefinitionError(f"neither true nor false: {text!r}")
    return node


def references(node: Node) -> Iterator[Reference]:
    """Every reference of a rule, left to right."""
    match node:
        case Reference():
            yield node
        case Function(operands=operands):
            for operand in operands:
                yield from references(operand)
        case Binary(left=left, right=right):
            yield from references(left)
            yield from references(right)
        case Number():
            return


def shape_of(reference: Reference, layout: Layout) -> Shape:
    """The grid a reference names; raises ``DefinitionError`` on a section, row or column the form has not."""
    sections = reference.section.among(tuple(layout))
    if len(sections) != 1:
        raise DefinitionError("a reference names one section")
    sheet = layout[sections[0]]
    return Shape(sections[0], reference.rows.among(sheet.rows), reference.columns.among(sheet.columns))


def evaluate(
    rule: Node, cells: Cells, layout: Layout, *, condition: Node | None = None, precision: int = 0
) -> list[Failure]:
    """Places where ``rule`` does not hold although ``condition`` does.

    ``precision`` is the number of decimal digits both sides of a comparison are rounded to.
    """
    evaluation = _Evaluation(cells, layout, precision)
    held = evaluation.truth(rule)
    wanted = evaluation.truth(condition) if condition else Grid(_POINT, ((True,),))
    failed = _pairwise(held, wanted, lambda holds, matters: matters and not holds)
    sides = evaluation.sides(rule, failed.shape)
    return [
        Failure(failed.shape.section, row, column, *sides(i, j))
        for i, row in enumerate(failed.shape.rows)
        for j, column in enumerate(failed.shape.columns)
        if failed.values[i][j]
    ]


class _Evaluation:
    def __init__(self, cells: Cells, layout: Layout, precision: int) -> None:
        self._cells = cells
        self._layout = layout
        self._unit = Decimal(1).scaleb(-precision)

    def truth(self, node: Node) -> Grid:
        match node:
            case Binary(symbol="and", left=left, right=right):
                return _pairwise(self.truth(left), self.truth(right), lambda a, b: a and b)
            case Binary(symbol="or", left=left, right=right):
                return _pairwise(self.truth(left), self.truth(right), lambda a, b: a or b)
            case Binary(symbol=symbol, left=left, right=right) if symbol in _COMPARE:
                return _pairwise(*self._compared(left, right), _COMPARE[symbol])
        raise DefinitionError("neither true nor false")

    def sides(self, node: Node, shape: Shape) -> Callable[[int, int], tuple[Decimal | None, Decimal | None]]:
        """What stood on the two sides at a place of ``shape``; empty for a rule of several comparisons."""
        if not (isinstance(node, Binary) and node.symbol in _COMPARE):
            return lambda _row, _column: (None, None)
        left, right = (_stretched(side, shape) for side in self._compared(node.left, node.right))
        return lambda row, column: (left[row][column], right[row][column])

    def _compared(self, left: Node, right: Node) -> tuple[Grid, Grid]:
        target = self._plain(right) or self._plain(left)
        other = self._plain(left) or self._plain(right)
        return self._rounded(self._number(left, target)), self._rounded(self._number(right, other))

    def _plain(self, node: Node) -> Shape | None:
        """The shape that folds on the other side have to fit: that of the first reference that is not folded."""
        return next((shape_of(one, self._layout) for one in references(node) if not one.folded), None)

    def _number(self, node: Node, fit: Shape | None) -> Grid:
        match node:
            case Number(value=value):
                return Grid(_POINT, ((value,),))
            case Reference():
                return self._read(node, fit)
            case Function(name="abs", operands=(operand,)):
                return _each(self._number(operand, fit), lambda value: None if value is None else abs(value))
            case Function(operands=operands):
                first, *rest = (self._number(operand, fit) for operand in operands)
                for grid in rest:
                    first = _pairwise(first, grid, lambda a, b: b if a is None else a)
                return first
            case Binary(symbol=symbol, left=left, right=right):
                return _pairwise(self._number(left, fit), self._number(right, fit), _ARITHMETIC[symbol])

    def _read(self, reference: Reference, fit: Shape | None) -> Grid:
        shape = shape_of(reference, self._layout)
        values = tuple(
            tuple(_decimal(self._cells.get((shape.section, row, column))) for column in shape.columns)
            for row in shape.rows
        )
        return _folded(Grid(shape, values), fit) if reference.folded else Grid(shape, values)

    def _rounded(self, grid: Grid) -> Grid:
        return _each(grid, lambda value: (value or _ZERO).quantize(self._unit, ROUND_HALF_UP))


def _folded(grid: Grid, fit: Shape | None) -> Grid:
    shape = grid.shape
    if fit is not None and shape.columns == fit.columns:
        return Grid(Shape(shape.section, ("*",), shape.columns), (tuple(map(_sum, zip(*grid.values, strict=True))),))
    if fit is not None and shape.rows == fit.rows:
        return Grid(Shape(shape.section, shape.rows, ("*",)), tuple((_sum(row),) for row in grid.values))
    return Grid(Shape(shape.section, ("*",), ("*",)), ((_sum(value for row in grid.values for value in row),),))


def _sum(values: Any) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, _ZERO) if known else None


def _divided(left: Decimal, right: Decimal) -> Decimal | None:
    return left / right if right else None


def _or_zero(operation: Callable[[Decimal, Decimal], Decimal | None]) -> Callable[[Any, Any], Any]:
    def apply(left: Decimal | None, right: Decimal | None) -> Decimal | None:
        return None if left is None and right is None else operation(left or _ZERO, right or _ZERO)

    return apply


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": _or_zero(operator.add),
    "-": _or_zero(operator.sub),
    "*": _or_zero(operator.mul),
    "/": _or_zero(_divided),
}


def _decimal(value: Value) -> Decimal | None:
    return None if value is None else Decimal(value)


def _is_truth(node: Node) -> bool:
    match node:
        case Binary(symbol="and" | "or", left=left, right=right):
            return _is_truth(left) and _is_truth(right)
        case Binary(symbol=symbol, left=left, right=right) if symbol in _COMPARE:
            return _is_number(left) and _is_number(right)
    return False


def _is_number(node: Node) -> bool:
    match node:
        case Binary(symbol=symbol, left=left, right=right):
            return symbol in _ARITHMETIC and _is_number(left) and _is_number(right)
        case Function(operands=operands):
            return all(map(_is_number, operands))
    return True


def _each(grid: Grid, change: Callable[[Any], Any]) -> Grid:
    return Grid(grid.shape, tuple(tuple(change(value) for value in row) for row in grid.values))


def common_shape(left: Shape, right: Shape) -> Shape:
    """The shape two grids have together; raises ``DefinitionError`` when neither axis of one stretches to the other."""
    rows = _common(left.rows, right.rows)
    columns = _common(left.columns, right.columns)
    return Shape(left.section or right.section, rows, columns)


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    if len(left) == len(right):
        return right if left == ("*",) else left
    if len(left) == 1:
        return right
    if len(right) == 1:
        return left
    raise DefinitionError(f"{len(left)} codes against {len(right)}")


def _stretched(grid: Grid, shape: Shape) -> tuple[tuple[Any, ...], ...]:
    rows = grid.values if len(grid.values) == len(shape.rows) else grid.values * len(shape.rows)
    return tuple(row if len(row) == len(shape.columns) else row * len(shape.columns) for row in rows)


def _pairwise(left: Grid, right: Grid, combine: Callable[[Any, Any], Any]) -> Grid:
    shape = common_shape(left.shape, right.shape)
    pairs = zip(_stretched(left, shape), _stretched(right, shape), strict=True)
    return Grid(shape, tuple(tuple(map(combine, a, b)) for a, b in pairs))
