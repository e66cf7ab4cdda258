"""What a control means over the cells of a report: the places where it does not hold.

Operators and functions work on one value a place (``places`` says which). ``sum`` folds its operand so that it fits what it is
compared with: into one value a column when the columns are the same, into one value a row when the rows are, else into one.

An empty cell is 0 in a comparison; ``+`` and ``-`` pass over it, what it multiplies or divides by is empty, and divided it is 0;
division by 0 is empty. Both sides of a comparison are rounded half up to the control's ``precision``; two sides no further
apart than its ``fault`` are equal, in a rule, not in a condition. ``round`` with a third operand other than 0 cuts off.
``{{…}}`` reads the previous period's report; while there is none, a rule that does so says nothing.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from typing import Any

from reporting.engine.cells import Cells, Keys, Layout, Standing, standing
from reporting.engine.controls.places import Frame, Grid, frame_of, grid_of
from reporting.engine.controls.tree import (
    COMPARISONS,
    Binary,
    Function,
    Node,
    Number,
    Reference,
    Total,
    references,
    unfolded,
)
from reporting.engine.errors import DefinitionError

_ZERO = Decimal(0)
_DIGITS = 100  # products of the longest cells of the format, N(15), stay exact
Empty = Decimal | None


@dataclass(frozen=True)
class Failure:
    """One place where a rule does not hold. ``left`` and ``right`` are set for a rule of one comparison."""

    section: str
    row: str
    column: str
    left: Decimal | None = None
    right: Decimal | None = None
    keys: Keys = ()


@dataclass(frozen=True)
class _Place:
    row: int
    column: int
    keys: Keys


def evaluate(
    rule: Node,
    cells: Cells,
    layout: Layout,
    *,
    condition: Node | None = None,
    precision: int = 0,
    fault: Decimal = _ZERO,
    previous: Cells | None = None,
) -> list[Failure]:
    """Places where ``rule`` does not hold although ``condition`` does.

    ``precision`` is the number of decimal digits both sides of a comparison are rounded to, ``fault`` how far apart they may be;
    ``previous`` are the cells of the previous period's report, ``None`` when there is none.
    """
    nodes = (rule, condition) if condition else (rule,)
    if previous is None and any(one.previous for node in nodes for one in references(node)):
        return []
    with localcontext(prec=_DIGITS):
        frame = frame_of(nodes, layout)
        report = _Report(cells, previous or {}, layout, precision)
        return [
            Failure(frame.section, row, column, *report.sides(rule, place), keys)
            for i, row in enumerate(frame.rows)
            for keys in report.lines(nodes, i)
            for j, column in enumerate(frame.columns)
            for place in [_Place(i, j, keys)]
            if not report.holds(rule, place, fault) and (condition is None or report.holds(condition, place, _ZERO))
        ]


class _Report:
    """A report's cells, read at one place after another."""

    def __init__(self, cells: Cells, previous: Cells, layout: Layout, precision: int) -> None:
        self._periods = {False: cells, True: previous}
        self._standing: dict[bool, Standing] = {period: standing(told) for period, told in self._periods.items()}
        self._unit = Decimal(1).scaleb(-precision)
        self._grid: Callable[[Reference], Grid] = cache(lambda reference: grid_of(reference, layout))
        self._frame: Callable[[Node], Frame] = cache(lambda node: frame_of((node,), layout))
        self._totals: dict[tuple[Any, ...], Empty] = {}

    def lines(self, nodes: Iterable[Node], row: int) -> Iterable[Keys]:
        """Keys of the places of a row: one place without keys, unless a reference reads every line of a repeated row."""
        found = [
            self._grid(one).found(row, self._standing[one.previous])
            for node in nodes
            for one in unfolded(node)
            if self._grid(one).varies(row)
        ]
        return dict.fromkeys(keys for lines in found for keys in lines) if found else [()]

    def holds(self, node: Node, place: _Place, fault: Decimal) -> bool:
        """Whether a rule or a condition is true at a place."""
        match node:
            case Binary(symbol="and", left=left, right=right):
                return self.holds(left, place, fault) and self.holds(right, place, fault)
            case Binary(symbol="or", left=left, right=right):
                return self.holds(left, place, fault) or self.holds(right, place, fault)
            case Binary(symbol=symbol) if symbol in COMPARISONS:
                first, second = self._compared(node, place)
                return _COMPARE[symbol](first - second, fault)
        raise DefinitionError("neither true nor false")

    def sides(self, node: Node, place: _Place) -> tuple[Decimal | None, Decimal | None]:
        """What stands on the two sides at a place; empty for a rule of several comparisons."""
        return self._compared(node, place) if isinstance(node, Binary) and node.symbol in COMPARISONS else (None, None)

    def _compared(self, node: Binary, place: _Place) -> tuple[Decimal, Decimal]:
        left, right = (next(unfolded(side), None) for side in (node.left, node.right))
        first = self._value(node.left, place, right or left)
        second = self._value(node.right, place, left or right)
        return self._rounded(first), self._rounded(second)

    def _rounded(self, value: Empty) -> Decimal:
        return (value or _ZERO).quantize(self._unit, ROUND_HALF_UP)

    def _value(self, node: Node, place: _Place, fit: Reference | None) -> Empty:
        match node:
            case Number(value=value):
                return value
            case Reference():
                address = self._grid(node).address(place.row, place.column, place.keys)
                told = self._periods[node.previous].get(address) if address else None
                return None if told is None else Decimal(told)
            case Total(operand=operand):
                return self._total(operand, place, fit)
            case Function(name=name, operands=operands):
                return _FUNCTIONS[name](*(self._value(one, place, fit) for one in operands))
            case Binary(symbol=symbol, left=left, right=right):
                return _ARITHMETIC[symbol](self._value(left, place, fit), self._value(right, place, fit))

    def _total(self, operand: Node, place: _Place, fit: Reference | None) -> Empty:
        own = self._frame(operand)
        wanted = self._grid(fit) if fit else None
        row: int | None = None
        column: int | None = None
        keys: Keys = ()
        if wanted and wanted.columns == own.columns:
            column = place.column if len(own.columns) > 1 else 0
        elif wanted and wanted.rows == own.rows:
            row, keys = (place.row if len(own.rows) > 1 else 0), place.keys
        known = (operand, row, column, keys)
        if known not in self._totals:
            values = [
                self._value(operand, _Place(i, j, line), None)
                for i in (range(len(own.rows)) if row is None else (row,))
                for line in ((keys,) if keys else self.lines((operand,), i))
                for j in (range(len(own.columns)) if column is None else (column,))
            ]
            told = [value for value in values if value is not None]
            self._totals[known] = sum(told, _ZERO) if told else None
        return self._totals[known]


_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda difference, fault: abs(difference) <= fault,
    "<>": lambda difference, fault: abs(difference) > fault,
    "<=": lambda difference, fault: difference <= fault,
    ">=": lambda difference, fault: difference >= -fault,
    "<": lambda difference, _: difference < 0,
    ">": lambda difference, _: difference > 0,
}


def _added(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Empty, Empty], Empty]:
    def apply(left: Empty, right: Empty) -> Empty:
        return None if left is None and right is None else operation(left or _ZERO, right or _ZERO)

    return apply


_ARITHMETIC: Mapping[str, Callable[[Empty, Empty], Empty]] = {
    "+": _added(operator.add),
    "-": _added(operator.sub),
    "*": lambda left, right: None if left is None or right is None else left * right,
    "/": lambda left, right: (left or _ZERO) / right if right else None,
}


def _rounded(value: Empty, digits: Empty, mode: Empty = None) -> Empty:
    if value is None or digits is None:
        return value
    return value.quantize(Decimal(1).scaleb(-int(digits)), ROUND_DOWN if mode else ROUND_HALF_UP)


_FUNCTIONS: Mapping[str, Callable[..., Empty]] = {
    "abs": lambda value: None if value is None else abs(value),
    "floor": lambda value: None if value is None else value.quantize(Decimal(1), ROUND_FLOOR),
    "coalesce": lambda *values: next((one for one in values if one is not None), None),
    "isnull": lambda value, other: other if value is None else value,
    "nullif": lambda value, other: None if (value or _ZERO) == (other or _ZERO) else value,
    "round": _rounded,
}
