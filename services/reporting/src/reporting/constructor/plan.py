"""A query held against the semantic layer: all it names is there, is for this role, and goes together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asu_contracts.access import Role
from reporting.constructor import query as asked
from reporting.constructor.conditions import Compared, Empty, Every, Leaf, Not, OneOf, Some, leaves
from reporting.constructor.errors import QueryError
from reporting.constructor.query import Query
from reporting.constructor.semantics import DATASETS, Dataset, Dimension
from reporting.engine.filters import EVERYTHING, AllOf, AnyOf, Comparison, Filter, Missing, Negation
from servicekit.errors import FieldError

_MEMBERS = frozenset({"subject", "group"})
"""Keys that a source has beside its fields."""
_EQUALITY = frozenset({"=", "<>"})
_TITLES = {"count": "Количество", "sum": "Сумма", "mean": "Среднее", "share": "Доля, %"}
_OF = {"total": "от всего", "row": "от строки", "column": "от столбца"}


@dataclass(frozen=True)
class Measure:
    """A measure with its title; ``field`` is a key or a number of the dataset."""

    kind: str
    title: str
    field: str | None = None
    of: str | None = None


@dataclass(frozen=True)
class Plan:
    """What is counted, by what, among which facts."""

    dataset: Dataset
    rows: tuple[Dimension, ...]
    columns: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    where: Filter
    named: tuple[Dimension, ...]
    """What the filter names."""

    @cached_property
    def fields(self) -> frozenset[str]:
        """Columns of the source that are read."""
        picked = {one.field for one in (*self.rows, *self.columns, *self.named)}
        return frozenset(picked | {one.field for one in self.measures if one.field and one.field not in _MEMBERS})

    @property
    def health(self) -> bool:
        """Whether it tells of health."""
        return any(one.health for one in (*self.rows, *self.columns, *self.named))


def planned(query: Query, role: Role) -> Plan:
    """The plan of a query asked by a role; raises ``QueryError`` that names every wrong place."""
    dataset = DATASETS.get(query.dataset)
    if dataset is None or role not in dataset.roles:
        raise QueryError(errors=[_unknown("/body/dataset", "Нет такого набора данных")])
    wrong: list[FieldError] = []
    rows = _dimensions(dataset, query.rows, "rows", wrong)
    columns = _dimensions(dataset, query.columns, "columns", wrong)
    if len({*query.rows, *query.columns}) < len(query.rows) + len(query.columns):
        wrong.append(FieldError("/body/rows", "constructor.repeated", "Признак назван дважды"))
    measures = [_measure(dataset, one, number, wrong) for number, one in enumerate(query.measures)]
    named = [_compared(dataset, leaf, wrong) for leaf, _ in leaves(query.where)] if query.where else []
    wrong += _unfit(query, dataset)
    if wrong:
        raise QueryError(errors=wrong)
    where = _filter(query.where) if query.where else EVERYTHING
    return Plan(dataset, rows, columns, tuple(filter(None, measures)), where, tuple(filter(None, named)))


def _unknown(pointer: str, title: str) -> FieldError:
    return FieldError(pointer, "constructor.unknown", title)


def _dimensions(dataset: Dataset, names: Sequence[str], part: str, wrong: list[FieldError]) -> tuple[Dimension, ...]:
    for number, name in enumerate(names):
        if name not in dataset.dimensions:
            wrong.append(_unknown(f"/body/{part}/{number}", "Нет такого признака"))
    return tuple(dataset.dimensions[name] for name in names if name in dataset.dimensions)


def _measure(dataset: Dataset, one: asked.Measure, number: int, wrong: list[FieldError]) -> Measure | None:
    match one:
        case asked.Measure(kind="count", field=None, of=None):
            return Measure("count", _TITLES["count"])
        case asked.Measure(kind="distinct", field=str(key), of=None) if key in dataset.keys:
            return Measure("distinct", dataset.keys[key], key)
        case asked.Measure(kind="sum", field=str(field), of=None) if dataset.numbers.get(field):
            return Measure("sum", f"{dataset.number_title(field)}, сумма", field)
        case asked.Measure(kind="mean", field=str(field), of=None) if field in dataset.numbers:
            return Measure("mean", f"{dataset.number_title(field)}, среднее", field)
        case asked.Measure(kind="share", field=None, of=base):
            return Measure("share", f"{_TITLES['share']} {_OF[base or 'total']}", of=base or "total")
    wrong.append(_unknown(f"/body/measures/{number}", "Нет такого показателя"))
    return None


def _compared(dataset: Dataset, leaf: Leaf, wrong: list[FieldError]) -> Dimension | None:
    found = dataset.dimensions.get(leaf.field)
    if found is None:
        wrong.append(_unknown("/body/where", "Нет такого признака"))
        return None
    values: Sequence[Any] = ()
    match leaf:
        case Compared():
            values = [leaf.value]
            if found.kind is not int and leaf.op not in _EQUALITY:
                wrong.append(FieldError("/body/where", "constructor.comparison", "Признак так не сравнивается"))
        case OneOf():
            values = leaf.values
        case Empty():
            pass
    if any(type(value) is not found.kind for value in values):
        wrong.append(FieldError("/body/where", "constructor.kind", "Значение не того типа, что у признака"))
    return found


def _unfit(query: Query, dataset: Dataset) -> Iterator[FieldError]:
    if query.since and not dataset.period:
        yield FieldError("/body/since", "constructor.no-period", "Эти данные считаются на дату, а не за период")
    if query.order.measure is not None and query.order.measure >= len(query.measures):
        yield FieldError("/body/order/measure", "constructor.unknown", "Нет такого показателя")
    if query.view.kind == "chart" and not query.rows:
        yield FieldError("/body/rows", "constructor.no-categories", "Диаграмме нужен признак в строках")
    if query.view.kind == "chart" and query.view.chart == "pie" and (query.columns or len(query.measures) > 1):
        yield FieldError(
            "/body/view", "constructor.one-series", "Круговая диаграмма показывает один показатель без столбцов"
        )


def _filter(condition: Any) -> Filter:
    match condition:
        case Every():
            return AllOf(tuple(map(_filter, condition.all)))
        case Some():
            return AnyOf(tuple(map(_filter, condition.any)))
        case Not():
            return Negation(_filter(condition.not_))
        case Compared():
            return Comparison(condition.field, condition.op, condition.value)
        case OneOf():
            return AnyOf(tuple(Comparison(condition.field, "=", value) for value in condition.values))
    missing = Missing(condition.field)
    return missing if condition.empty else Negation(missing)
