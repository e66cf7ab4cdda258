"""Random queries over whatever the semantic layer offers."""

from typing import Any

from hypothesis import strategies as st

from reporting.constructor.semantics import DATASETS, Dataset

from .world import FactsWorld

Query = dict[str, Any]


def measures(dataset: Dataset) -> list[Query]:
    """Every measure there is of a dataset."""
    return [
        {"kind": "count"},
        *({"kind": "distinct", "field": key} for key in dataset.keys),
        *({"kind": "sum", "field": field} for field, sums in dataset.numbers.items() if sums),
        *({"kind": "mean", "field": field} for field in dataset.numbers),
        *({"kind": "share", "of": base} for base in ("total", "row", "column")),
    ]


def _leaf(world: FactsWorld, dataset: Dataset) -> st.SearchStrategy[Query]:
    def of(name: str) -> st.SearchStrategy[Query]:
        dimension = dataset.dimensions[name]
        rows = world.rows[dataset.name]
        values = sorted({value for row in rows if (value := dimension.banded(row[dimension.field])) is not None})
        empty = st.booleans().map(lambda is_empty: {"field": name, "empty": is_empty})
        if not values:
            return empty
        one = st.sampled_from(values)
        operators = ["=", "<>", "<", "<=", ">", ">="] if dimension.kind is int else ["=", "<>"]
        compared = st.builds(
            lambda op, value: {"field": name, "op": op, "value": value}, st.sampled_from(operators), one
        )
        within = st.lists(one, min_size=1, max_size=3).map(lambda found: {"field": name, "values": found})
        return compared | within | empty

    return st.sampled_from(sorted(dataset.dimensions)).flatmap(of)


def conditions(world: FactsWorld, dataset: Dataset) -> st.SearchStrategy[Query]:
    """Trees of comparisons."""
    return st.recursive(
        _leaf(world, dataset),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda found: {"all": found})
            | st.lists(inner, min_size=1, max_size=3).map(lambda found: {"any": found})
            | inner.map(lambda found: {"not": found})
        ),
        max_leaves=4,
    )


@st.composite
def queries(draw: st.DrawFn, world: FactsWorld) -> Query:
    """A query over one of the datasets, of any unit."""
    dataset = DATASETS[draw(st.sampled_from(sorted(DATASETS)))]
    names = draw(st.lists(st.sampled_from(sorted(dataset.dimensions)), unique=True, max_size=4))
    cut = draw(st.integers(max(0, len(names) - 2), min(len(names), 3)))
    told = draw(st.sampled_from(world.told))
    units: list[Query] = [{"organization_id": told.id}, {"municipality": told.unit["municipality"]}, {"region": True}]
    query: Query = {
        "dataset": dataset.name,
        "rows": names[:cut],
        "columns": names[cut:],
        "measures": draw(st.lists(st.sampled_from(measures(dataset)), min_size=1, max_size=4)),
        "unit": draw(st.sampled_from(units)),
    }
    return query | ({"where": draw(conditions(world, dataset))} if draw(st.booleans()) else {})
