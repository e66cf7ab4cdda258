"""The statement that counts an indicator: organizations, municipalities and the region in one grouped pass."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, cast, func, literal, null, or_, select, tuple_
from sqlalchemy.types import Integer, Numeric, Uuid

from reporting.facts.measures import Measured
from reporting.monitoring.definition import DIMENSIONS, Indicator, Ratio

_TYPES = {"subject": Text, "grade": Integer, "group_id": Uuid}
_DIGITS = 4


def counted(indicator: Indicator, source: Measured) -> Select[Any]:
    """Values of a period, a row a series; parameters are those of the period. What has nothing to be divided by has no row.

    Classes are parts of their organization alone.
    """
    rows = source.rows
    used = [name for name in DIMENSIONS if any(name in together for together in indicator.by)]
    units = ((rows.c.organization_id,), (rows.c.municipality,), ())
    sets = [
        tuple_(*unit, *(rows.c[name] for name in DIMENSIONS if name in together))
        for unit in units
        for together in ((), *indicator.by)
        if "group_id" not in together or unit is units[0]
    ]
    parts: dict[str, ColumnElement[Any]] = {
        name: rows.c[name] if name in used else cast(null(), _TYPES[name]) for name in DIMENSIONS
    }
    numerator, denominator = _sums(indicator.ratio, rows)
    minus = _sums(indicator.minus, rows) if indicator.minus else (cast(null(), Numeric), cast(null(), Numeric))
    value, divided = numerator / denominator, denominator > 0
    if indicator.minus:
        value = value - minus[0] / minus[1]
        divided = and_(divided, minus[1] > 0)
    statement: Select[Any] = (
        select(
            _series(rows, parts).label("series"),
            rows.c.organization_id,
            rows.c.municipality,
            *(parts[name].label(name) for name in DIMENSIONS),
            func.round(value, _DIGITS).label("value"),
            numerator.label("numerator"),
            denominator.label("denominator"),
            minus[0].label("minus_numerator"),
            minus[1].label("minus_denominator"),
            func.coalesce(source.people(rows, _divided(indicator, rows)), 0).label("people"),
        )
        .where(*(rows.c[name].in_(allowed) for name, allowed in indicator.where.items()))
        .group_by(func.grouping_sets(*sets))
        .having(and_(divided, *(or_(func.grouping(rows.c[name]) == 1, rows.c[name].is_not(None)) for name in used)))
    )
    return statement


def _divided(indicator: Indicator, rows: Subquery) -> ColumnElement[bool]:
    """Whether a row has anything to be divided by."""
    ratios = (indicator.ratio, indicator.minus) if indicator.minus else (indicator.ratio,)
    return and_(*(or_(*(rows.c[name] > 0 for name in one.to)) for one in ratios))


def _sums(ratio: Ratio, rows: Subquery) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return _sum(ratio.of, rows), _sum(ratio.to, rows)


def _sum(weights: Mapping[str, Decimal], rows: Subquery) -> ColumnElement[Any]:
    """Summed up as exact numbers, so that a value counted again is the same to the digit."""
    terms = (func.coalesce(func.sum(cast(rows.c[name], Numeric)), 0) * weight for name, weight in weights.items())
    total: ColumnElement[Any] = cast(literal(0), Numeric)
    for term in terms:
        total = total + term
    return total


def _series(rows: Subquery, parts: Mapping[str, ColumnElement[Any]]) -> ColumnElement[str]:
    unit = func.coalesce(cast(rows.c.organization_id, Text), rows.c.municipality, "")
    return func.concat_ws("|", unit, *(func.coalesce(cast(parts[name], Text), "") for name in DIMENSIONS))
