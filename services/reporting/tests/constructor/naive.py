"""A query counted over plain rows, one by one, as its words say."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from reporting.constructor.semantics import Dataset

Place = tuple[Any, Any]
Cells = dict[Place, list[Any]]
_LESS = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}


def cells(dataset: Dataset, rows: Iterable[dict[str, Any]], query: dict[str, Any]) -> Cells:
    """Values of measures by row and column; None stands for the total."""
    passed = [row for row in rows if "where" not in query or holds(dataset, row, query["where"]) is True]
    of_rows, of_columns = query.get("rows", []), query.get("columns", [])
    groups: dict[tuple[Any, Any], list[dict[str, Any]]] = {(None, None): []}
    for row in passed:
        here = tuple(value(dataset, row, name) for name in of_rows)
        there = tuple(value(dataset, row, name) for name in of_columns)
        for place in ((here, there), (here, None), (None, there), (None, None)):
            groups.setdefault(place, []).append(row)
    return {
        place: [measured(one, place, groups) for one in query.get("measures", [{"kind": "count"}])] for place in groups
    }


def value(dataset: Dataset, row: dict[str, Any], name: str) -> Any:
    dimension = dataset.dimensions[name]
    return dimension.banded(row[dimension.field])


def measured(measure: dict[str, Any], place: tuple[Any, Any], groups: dict[Any, list[dict[str, Any]]]) -> Any:
    rows, field = groups[place], str(measure.get("field"))
    match measure["kind"]:
        case "count":
            return len(rows)
        case "distinct":
            key = "organization" if field == "organization" else f"_{field}"
            return len({row[key] for row in rows if row[key] is not None})
        case "share":
            base = {"row": (place[0], None), "column": (None, place[1])}.get(measure.get("of", "total"), (None, None))
            return round(100 * len(rows) / len(groups[base]), 2) if groups[base] else None
    known = [Decimal(row[field]) for row in rows if row[field] is not None]
    if measure["kind"] == "sum":
        return float(sum(known))
    return round(float(sum(known) / len(known)), 2) if known else None


def holds(dataset: Dataset, row: dict[str, Any], condition: dict[str, Any]) -> bool | None:  # noqa: PLR0911 - a line a kind
    """By the logic of three values: what is unknown neither equals nor differs."""
    if "all" in condition:
        found = [holds(dataset, row, one) for one in condition["all"]]
        return False if False in found else None if None in found else True
    if "any" in condition:
        found = [holds(dataset, row, one) for one in condition["any"]]
        return True if True in found else None if None in found else False
    if "not" in condition:
        inner = holds(dataset, row, condition["not"])
        return None if inner is None else not inner
    here = value(dataset, row, condition["field"])
    if "empty" in condition:
        return (here is None) is condition["empty"]
    if here is None:
        return None
    if "values" in condition:
        return here in condition["values"]
    operator = condition.get("op", "=")
    if operator in {"=", "<>"}:
        return bool((here == condition["value"]) is (operator == "="))
    return bool(_LESS[operator](here, condition["value"]))


def answered(answer: dict[str, Any]) -> Cells:
    """The same of an answer laid out as a pivot with totals."""
    result = answer["result"]
    rows = [tuple(head["value"] for head in one) for one in result["rows"]]
    columns = [tuple(head["value"] for head in one) for one in result["columns"]]
    found: Cells = {(None, None): _values(result["total"])}
    for row, line in zip(rows, result["cells"], strict=True):
        for column, one in zip(columns, line, strict=True):
            found[row, column] = _values(one)
    totals = zip(rows, result["row_totals"] or [], strict=bool(result["row_totals"]))
    found |= {(row, None): _values(one) for row, one in totals}
    totals = zip(columns, result["column_totals"] or [], strict=bool(result["column_totals"]))
    return found | {(None, column): _values(one) for column, one in totals}


def differences(query: dict[str, Any], expected: Cells, found: Cells) -> list[tuple[Place, Any, Any]]:
    """Places where an answer is not what was counted: all that was counted is there, and nothing else but nothings."""
    nothing = [None if one["kind"] in {"mean", "share"} else 0 for one in query.get("measures", [{"kind": "count"}])]
    wrong = []
    for place in expected.keys() | found.keys():
        alone = (place[0] is None and not query.get("rows")) or (place[1] is None and not query.get("columns"))
        told = found.get(place, expected.get(place) if alone else None)
        empty = place not in expected and told is not None
        counted = expected.get(place, nothing)
        values = [
            None if empty and one == 0 and none is None else one for one, none in zip(told or [], nothing, strict=True)
        ]
        if values != counted:
            wrong.append((place, counted, told))
    return wrong


def _values(found: list[dict[str, Any]]) -> list[Any]:
    assert not any(one["hidden"] for one in found)
    return [one["value"] for one in found]
