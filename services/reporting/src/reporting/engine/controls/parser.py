"""Controls read from text and printed back.

``and`` beside ``or`` needs brackets: the order does not say which of them binds first, and programs differ.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

from reporting.engine.cells import Codes
from reporting.engine.controls.tree import (
    ARITHMETIC,
    COMPARISONS,
    LOGIC,
    Binary,
    Function,
    Node,
    Number,
    Reference,
    Total,
    references,
)
from reporting.engine.errors import DefinitionError

_OPERANDS: Mapping[str, range] = MappingProxyType(
    {
        "abs": range(1, 2),
        "floor": range(1, 2),
        "isnull": range(2, 3),
        "nullif": range(2, 3),
        "round": range(2, 4),
        "coalesce": range(2, 100),
    }
)
_MOST_DIGITS = 10
_BINDING: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(LOGIC, 0) | dict.fromkeys(COMPARISONS, 1) | dict.fromkeys("+-", 2) | dict.fromkeys("*/", 3)
)


def parse_rule(text: str) -> Node:
    """Read a rule or a condition; raises ``DefinitionError`` unless it is well formed and true or false."""
    try:
        node: Node = _Build().transform(_parser().parse(text))
    except LarkError as error:
        raise DefinitionError(f"bad control {text!r}") from error
    if not _is_truth(node):
        raise DefinitionError(f"neither true nor false: {text!r}")
    return node


def print_rule(node: Node, section: Callable[[str], str] = str) -> str:
    """The text of a rule, which reads back as the same; ``section`` gives the code to print for a section's code."""
    return _printed(node, section)


@cache
def _parser() -> Lark:
    grammar = resources.files("reporting.engine.controls").joinpath("controls.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr")


class _Build(Transformer[Token, Node]):
    def every(self, _: list[Token]) -> Codes:
        return Codes(None)

    def span(self, items: list[Token]) -> tuple[str, str]:
        return str(items[0]), str(items[-1])

    def codes(self, items: list[tuple[str, str]]) -> Codes:
        return Codes(tuple(items))

    def keys(self, items: list[Codes | None]) -> tuple[Codes, ...]:
        return tuple(one for one in items if one is not None)

    def reference(self, items: list[Any]) -> Node:
        section, rows, columns, *keys = items
        return Reference(section, rows, columns, *keys)

    def previous(self, items: list[Reference]) -> Node:
        (one,) = items
        return Reference(one.section, one.rows, one.columns, one.keys, previous=True)

    def number(self, items: list[Token]) -> Node:
        return Number(Decimal(items[0]))

    def total(self, items: list[Node]) -> Node:
        return Total(items[0])

    def function(self, items: list[Any]) -> Node:
        return Function(str(items[0]).lower(), tuple(items[1:]))

    def minus(self, items: list[Node]) -> Node:
        return Binary("-", Number(Decimal(0)), items[0])

    def joined(self, items: list[Any]) -> Node:
        node, *rest = items
        for symbol, right in zip(rest[::2], rest[1::2], strict=True):
            node = Binary(str(symbol).lower(), node, right)
        result: Node = node
        return result

    together = joined
    either = joined


def _is_truth(node: Node) -> bool:
    match node:
        case Binary(symbol=symbol, left=left, right=right) if symbol in LOGIC:
            return _is_truth(left) and _is_truth(right)
        case Binary(symbol=symbol, left=left, right=right) if symbol in COMPARISONS:
            return _is_number(left) and _is_number(right)
    return False


def _is_number(node: Node) -> bool:
    match node:
        case Binary(symbol=symbol, left=left, right=right):
            return symbol in ARITHMETIC and _is_number(left) and _is_number(right)
        case Function(name=name, operands=operands):
            counted = len(operands) in _OPERANDS[name] and all(map(_is_number, operands))
            return counted and (name != "round" or all(map(_is_digits, operands[1:])))
        case Total(operand=operand):
            return _is_number(operand) and any(True for _ in references(operand))
    return True


def _is_digits(node: Node) -> bool:
    return isinstance(node, Number) and node.value in range(_MOST_DIGITS + 1)


def _printed(node: Node, section: Callable[[str], str]) -> str:
    match node:
        case Number(value=value):
            return f"{value:f}"
        case Reference():
            return _cells(node, section)
        case Function(name=name, operands=operands):
            return f"{name}({','.join(_printed(one, section) for one in operands)})"
        case Total(operand=operand):
            inner = _printed(operand, section)
            return f"sum{inner}" if isinstance(operand, Reference) else f"sum({inner})"
        case Binary(symbol=symbol, left=left, right=right):
            binding = _binding(node)
            first, second = _bracketed(left, section, binding), _bracketed(right, section, binding + 1)
            return f"{first} {symbol} {second}" if symbol in LOGIC else f"{first}{symbol}{second}"


def _bracketed(node: Node, section: Callable[[str], str], least: int) -> str:
    text = _printed(node, section)
    binding = _binding(node)
    return f"({text})" if binding < least or binding == _BINDING["or"] else text


def _binding(node: Node) -> int:
    return _BINDING[node.symbol] if isinstance(node, Binary) else max(_BINDING.values()) + 1


def _cells(reference: Reference, section: Callable[[str], str]) -> str:
    sections = reference.section
    if sections.spans is not None:
        sections = Codes(tuple((section(first), section(last)) for first, last in sections.spans))
    axes = (sections, reference.rows, reference.columns, *reference.keys)
    text = "{" + "".join(f"[{axis}]" for axis in axes) + "}"
    return "{" + text + "}" if reference.previous else text
