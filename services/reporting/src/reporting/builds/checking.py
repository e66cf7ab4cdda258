"""Controls of a form run over its cells, with messages for the people who fill it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from reporting.engine.cells import Cells
from reporting.engine.controls.evaluation import Failure, evaluate
from reporting.engine.definition import Control, FormDefinition

_SHOWN = 20


class ControlResult(BaseModel):
    """How a control came out. ``message`` names the places where it does not hold."""

    id: str
    level: Literal["error", "warning"]
    ok: bool
    title: str
    message: str


def check(
    form: FormDefinition, cells: Cells, previous: Cells | None = None, *, above: bool = False
) -> list[ControlResult]:
    """Every control of the form, in its order.

    ``above``: the cells are of more than an organization; controls of organizations alone say so and fail nobody.
    ``previous`` are the cells of the unit's report of the previous period, ``None`` when it has none: controls that compare with
    it say so and fail nobody's first report.
    """
    return [
        _passed_over(control) if above and control.of == "organizations" else _judged(form, control, cells, previous)
        for control in form.controls
    ]


def _passed_over(control: Control) -> ControlResult:
    message = "не проверялся: относится к отчётам организаций"
    return ControlResult(id=control.id, level=control.level, ok=True, title=control.title, message=message)


def _judged(form: FormDefinition, control: Control, cells: Cells, previous: Cells | None) -> ControlResult:
    failures = evaluate(
        control.rule_node,
        cells,
        form.layout,
        condition=control.condition_node,
        precision=control.precision,
        fault=control.fault,
        previous=previous,
    )
    unchecked = previous is None and control.compares_periods
    message = "не проверялся: нет отчёта за прошлый период" if unchecked else _message(failures)
    return ControlResult(id=control.id, level=control.level, ok=not failures, title=control.title, message=message)


def _message(failures: list[Failure]) -> str:
    if not failures:
        return "выполнен"
    shown = "; ".join(map(_place, failures[:_SHOWN]))
    return shown if len(failures) <= _SHOWN else f"{shown}; и ещё {len(failures) - _SHOWN}"


def _place(failure: Failure) -> str:
    keys = [("специфика", key) for key in failure.keys]
    parts = (("раздел", failure.section), ("строка", failure.row), *keys, ("графа", failure.column))
    place = ", ".join(f"{name} {code}" for name, code in parts if code not in {"", "*"})
    if failure.left is None or failure.right is None:
        return place
    left, right, difference = _numbers((failure.left, failure.right, failure.left - failure.right))
    return f"{place}: слева {left}, справа {right}, разница {difference}"


def _numbers(values: Iterable[Decimal]) -> list[str]:
    return [f"{value:f}".replace(".", ",") for value in values]
