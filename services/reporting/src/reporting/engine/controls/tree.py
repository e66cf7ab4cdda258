"""What a control says, as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reporting.engine.cells import Codes

ARITHMETIC = frozenset("+-*/")
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
LOGIC = frozenset({"and", "or"})


@dataclass(frozen=True)
class Number:
    """A literal."""

    value: Decimal


@dataclass(frozen=True)
class Reference:
    """``{[section][rows][columns][keys]…}``; ``previous`` for ``{{…}}``, the cells of the previous period."""

    section: Codes
    rows: Codes
    columns: Codes
    keys: tuple[Codes, ...] = ()
    previous: bool = False


@dataclass(frozen=True)
class Function:
    """A function of one cell's values: abs, coalesce, floor, isnull, nullif, round."""

    name: str
    operands: tuple["Node", ...]


@dataclass(frozen=True)
class Total:
    """``sum`` of what the operand gives over its cells."""

    operand: "Node"


@dataclass(frozen=True)
class Binary:
    """Two operands joined by arithmetic, a comparison, ``and`` or ``or``."""

    symbol: str
    left: "Node"
    right: "Node"


Node = Number | Reference | Function | Total | Binary


def references(node: Node) -> Iterator[Reference]:
    """Every reference of a rule, left to right."""
    return (one for one, _ in _found(node, folded=False))


def unfolded(node: Node) -> Iterator[Reference]:
    """The references that stand under no ``sum``: the rule holds or fails at each of their cells."""
    return (one for one, folded in _found(node, folded=False) if not folded)


def _found(node: Node, *, folded: bool) -> Iterator[tuple[Reference, bool]]:
    match node:
        case Reference():
            yield node, folded
        case Function(operands=operands):
            for operand in operands:
                yield from _found(operand, folded=folded)
        case Total(operand=operand):
            yield from _found(operand, folded=True)
        case Binary(left=left, right=right):
            yield from _found(left, folded=folded)
            yield from _found(right, folded=folded)
        case Number():
            return
