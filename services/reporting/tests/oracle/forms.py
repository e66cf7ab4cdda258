"""A made-up form whose controls use every word of the language, and reports of it."""

import random
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reporting.engine.cells import Cells, Value
from reporting.engine.definition import FormDefinition

KINDS = ("a", "b", "c1", "d.2")


def control(rule: str, **more: Any) -> dict[str, Any]:
    return {"id": rule, "level": "error", "title": "контроль", "rule": rule, "status": "assumed", "src": "т"} | more


def form(controls: Iterable[Mapping[str, Any]]) -> FormDefinition:
    """Two plain sections and one whose rows 02 and 03 are repeated by a key."""
    columns = [{"code": str(code), "title": f"графа {code}"} for code in range(3, 8)]
    sourced = {"status": "assumed", "src": "т"}

    def section(code: str, xml_code: int, rows: int, **more: Any) -> dict[str, Any]:
        manual = {"okei": 792, "input": "manual", "title": "строка"}
        made = [manual | {"code": f"{row:02}"} for row in range(1, rows + 1)]
        return (
            {"code": code, "xml_code": xml_code, "title": "раздел", "columns": columns, "rows": made} | sourced | more
        )

    keyed = section("3", 3, 3, keys=[{"title": "вид", "terms": [{"code": one, "title": one} for one in KINDS]}])
    for row in keyed["rows"][1:]:
        row["repeated"] = True
    return FormDefinition.model_validate(
        {
            "form": "language", "name": "Язык", "title": "Язык контролей", "edition": "1", "okud": "0609506", "respondents": ["school"],
            "valid": {"from": date(2024, 1, 1)}, "legal": {"order": "приказ"} | sourced, "snapshot": None,
            "deadline": {"closes": "10-15"} | sourced,
            "sections": [section("2.1.1", 1, 4), section("7", 7, 4), keyed],
            "controls": [*controls],
        }
    )  # fmt: skip


def random_cells(chance: random.Random, of: FormDefinition, values: tuple[Value, ...]) -> Cells:
    """A report: every cell one of the values, every repeated row a line for some of its keys."""
    found: dict[tuple[str, ...], Value] = {}
    for code, sheet in of.layout.items():
        for row in sheet.rows:
            lines = (
                [(key,) for key in sheet.repeated[row][0] if chance.random() < 0.6] if row in sheet.repeated else [()]
            )
            for keys in lines:
                found |= {(code, row, column, *keys): chance.choice(values) for column in sheet.columns}
    return found
