"""Controls of a form run over its cells, with messages for the people who fill it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from reporting.engine.cells import Cells
from reporting.engine.controls import Failure, evaluate
from reporting.engine.definition import FormDefinition

_SHOWN = 20


class ControlResult(BaseModel):
    """How a control came out. ``message`` names the places where it does not hold."""

    id: str
    level: Literal["error", "warning"]
    ok: bool
    title: str
    message: str


def check(form: FormDefinition, cells: Cells) -> list[ControlResult]:
    """Every control of the form, in its order."""
    return [
        ControlResult(
            id=control.id, level=control.level, ok=not failures, title=control.title, message=_message(failures)
        )
        for control in form.controls
        for failures in [
            evaluate(
                control.rule_node, cells, form.layout, condition=control.condition_node, precision=control.precision
            )
        ]
    ]


def _message(failures: list[Failure]) -> str:
    if not failures:
        return "выполнен"
    shown = "; ".join(map(_place, failures[:_SHOWN]))
    return shown if len(failures) <= _SHOWN else f"{shown}; и ещё {len(failures) - _SHOWN}"


def _place(failure: Failure) -> str:
    parts = (("раздел", failure.section), ("строка", failure.row), ("графа", failure.column))
    place = ", ".join(f"{name} {code}" for name, code in parts if code not in {"", "*"})
    if failure.left is None or failure.right is None:
        return place
    left, right, difference = _numbers((failure.left, failure.right, failure.left - failure.right))
    return f"{place}: слева {left}, справа {right}, разница {difference}"


def _numbers(values: Iterable[Decimal]) -> list[str]:
    return [f"{value:f}".replace(".", ",") for value in values]
