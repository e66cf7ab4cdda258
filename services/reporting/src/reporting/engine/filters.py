"""The filter language: parsed once, then evaluated over one fact or compiled to SQL.

Both follow SQL's three-valued logic: a comparison with a missing value is neither true nor false, and only true counts.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, VisitError
from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, true

from reporting.engine.errors import DefinitionError
from reporting.engine.fields import FIELDS, FactField, Scalar, Told

Fact = Mapping[str, Told]
"""One of what is counted, by field name."""

Columns = Mapping[str, ColumnElement[Any]]
"""SQL expression of each field."""

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Comparison:
    """``field operator value``."""

    field: str
    symbol: str
    value: Scalar

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})

    def matches(self, fact: Fact) -> bool | None:
        found = fact[self.field]
        return None if found is None else bool(_COMPARE[self.symbol](found, self.value))

    def compile(self, columns: Columns) -> ColumnElement[bool]:
        return cast("ColumnElement[bool]", _COMPARE[self.symbol](columns[self.field], literal(self.value)))


@dataclass(frozen=True)
class Has:
    """``field has word``: the word is one of the field's list."""

    field: str
    word: str

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})

    def matches(self, fact: Fact) -> bool | None:
        found = fact[self.field]
        return None if found is None else isinstance(found, tuple | list) and self.word in found

    def compile(self, columns: Columns) -> ColumnElement[bool]:
        return func.jsonb_exists(columns[self.field], literal(self.word))


@dataclass(frozen=True)
class Missing:
    """``field is null``."""

    field: str

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})

    def matches(self, fact: Fact) -> bool | None:
        return fact[self.field] is None

    def compile(self, columns: Columns) -> ColumnElement[bool]:
        return columns[self.field].is_(None)


@dataclass(frozen=True)
class Negation:
    """``not filter``."""

    operand: "Filter"

    def fields(self) -> frozenset[str]:
        return self.operand.fields()

    def matches(self, fact: Fact) -> bool | None:
        found = self.operand.matches(fact)
        return None if found is None else not found

    def compile(self, columns: Columns) -> ColumnElement[bool]:
        return not_(self.operand.compile(columns))


@dataclass(frozen=True)
class AllOf:
    """Filters joined by ``and``; without operands it lets everything through."""

    operands: tuple["Filter", ...]

    def fields(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.fields() for one in self.operands))

    def matches(self, fact: Fact) -> bool | None:
        found = [one.matches(fact) for one in self.operands]
        if False in found:
            return False
        return None if None in found else True

    def compile(self, columns: Columns) -> ColumnElement[bool]:
        return and_(true(), *(one.compile(columns) for one in self.operands))


@dataclass(frozen=True)
class AnyOf:
    """Filters joined by ``or``."""

    operands: tuple["Filter", ...]

    def fields(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.fields() for one in self.operands))

    def matches(self, fact: Fact) -> bool | None:
        found = [one.matches(fact) for one in self.operands]
        if True in found:
            return True
        return None if None in found else False

    def compile(self, columns: Columns) -> ColumnElement[bool]:
        return or_(*(one.compile(columns) for one in self.operands))


Filter = Comparison | Has | Missing | Negation | AllOf | AnyOf
EVERYTHING = AllOf(())
"""The filter that lets every fact through."""


def named(filter_: Filter) -> Iterator[tuple[str, Scalar]]:
    """Values that a filter compares fields with, each with its field."""
    match filter_:
        case Comparison(field=field, value=value):
            yield field, value
        case Has(field=field, word=word):
            yield field, word
        case Negation(operand=operand):
            yield from named(operand)
        case AllOf(operands=operands) | AnyOf(operands=operands):
            for one in operands:
                yield from named(one)
        case Missing():
            return


def given(filter_: Filter, field: str, value: Scalar) -> Filter | bool:
    """What a filter asks of the other fields where one has a value; its answer, where it asks nothing more."""
    match filter_:
        case Negation(operand=operand):
            found = given(operand, field, value)
            return not found if isinstance(found, bool) else Negation(found)
        case AllOf(operands=operands) | AnyOf(operands=operands):
            settles = isinstance(filter_, AnyOf)
            asked = [given(one, field, value) for one in operands]
            left = tuple(one for one in asked if not isinstance(one, bool))
            if settles in asked or not left:
                return settles if settles in asked else not settles
            return left[0] if len(left) == 1 else type(filter_)(left)
        case _ if filter_.field == field:
            return bool(filter_.matches({field: value}))
    return filter_


class _Build(Transformer[Token, Filter]):
    """Parse tree → filter, with names checked against the whitelist and variables bound to their values."""

    def __init__(self, bindings: Mapping[str, int]) -> None:
        super().__init__()
        self._bindings = bindings

    def number(self, items: list[Token]) -> Scalar:
        return int(items[0])

    def decimal(self, items: list[Token]) -> Scalar:
        return Decimal(str(items[0]))

    def text(self, items: list[Token]) -> Scalar:
        return str(items[0])[1:-1]

    def variable(self, items: list[Token]) -> Scalar:
        name = str(items[0])
        if name not in self._bindings:
            raise DefinitionError(f"unknown variable {name}")
        return self._bindings[name]

    def compared(self, items: list[Any]) -> Filter:
        return _comparison(str(items[0]), str(items[1]), items[2])

    def member(self, items: list[Any]) -> Filter:
        return AnyOf(tuple(_comparison(str(items[0]), "=", value) for value in items[1:]))

    def between(self, items: list[Any]) -> Filter:
        name = str(items[0])
        return AllOf((_comparison(name, ">=", items[1]), _comparison(name, "<=", items[2])))

    def has(self, items: list[Token]) -> Filter:
        name = str(items[0])
        if _known(name).kind is not tuple:
            raise DefinitionError(f"field {name} is no list")
        return Has(name, str(items[1])[1:-1])

    def missing(self, items: list[Token]) -> Filter:
        return _missing(str(items[0]))

    def present(self, items: list[Token]) -> Filter:
        return Negation(_missing(str(items[0])))

    def flag(self, items: list[Token]) -> Filter:
        return _comparison(str(items[0]), "=", value=True)

    def negated(self, items: list[Filter]) -> Filter:
        return Negation(items[0])

    def all_of(self, items: list[Filter]) -> Filter:
        return items[0] if len(items) == 1 else AllOf(tuple(items))

    def any_of(self, items: list[Filter]) -> Filter:
        return items[0] if len(items) == 1 else AnyOf(tuple(items))


def _known(name: str) -> FactField:
    if name not in FIELDS:
        raise DefinitionError(f"unknown field {name}")
    return FIELDS[name]


def _missing(name: str) -> Filter:
    _known(name)
    return Missing(name)


def _comparison(name: str, symbol: str, value: Scalar) -> Comparison:
    kind = _known(name).kind
    if kind is Decimal and type(value) is int:
        value = Decimal(value)
    if type(value) is not kind:
        raise DefinitionError(f"field {name} is never compared with {value!r}")
    return Comparison(name, symbol, value)


@cache
def _parser() -> Lark:
    grammar = resources.files("reporting.engine").joinpath("filters.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr")


def parse_filter(text: str | None, bindings: Mapping[str, int] | None = None) -> Filter:
    """Read a filter; ``None`` lets everything through. ``bindings`` give values to names that are not fields.

    Raises ``DefinitionError`` on bad syntax, a field outside the whitelist or a value of another type.
    """
    if text is None:
        return EVERYTHING
    try:
        return _Build(bindings or {}).transform(_parser().parse(text))
    except VisitError as error:
        raise DefinitionError(f"{error.orig_exc} in {text!r}") from error
    except LarkError as error:
        raise DefinitionError(f"bad filter {text!r}") from error
