"""Facts that stand for all there can be: filters are tried on them to see what they take and whether they overlap."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from reporting.engine.errors import DefinitionError
from reporting.engine.fields import FIELDS, FactField, Scalar, Told
from reporting.engine.filters import Fact, Filter, named

_MAX_FACTS = 500_000
_LEAST = Decimal("0.001")
"""The least difference between two rates."""


def samples(filters: Sequence[Filter], known: frozenset[str] = frozenset()) -> Iterator[Fact]:
    """Facts by all fields that the filters name, those in ``known`` never missing; raises ``DefinitionError`` when there are too many."""
    words: dict[str, set[Scalar]] = defaultdict(set)
    for one in filters:
        for name, value in named(one):
            words[name].add(value)
    fields = sorted(frozenset[str]().union(*(one.fields() for one in filters)))
    values = [
        [one for one in _values(FIELDS[name], words[name]) if one is not None or name not in known] for name in fields
    ]
    if prod(map(len, values)) > _MAX_FACTS:
        raise DefinitionError("filters name too many fields to be checked")
    for combined in product(*values):
        yield dict(zip(fields, combined, strict=True))


def _values(field: FactField, words: Iterable[Any]) -> list[Told]:
    """What a field is tried with: its samples and, when other values come too, those that are named and what is next to them."""
    if not field.is_open:
        return list(field.samples)
    found: set[Any] = set(field.samples)
    if field.kind is tuple:
        found |= {(one,) for one in words} | {tuple(sorted(words))}
    elif field.kind is str:
        found |= set(words)
    else:
        step = _LEAST if field.kind is Decimal else 1
        found |= {near for one in words for near in (one - step, one, one + step)}
    return sorted(found, key=lambda one: (one is not None, one))
