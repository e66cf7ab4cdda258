"""The oracle spoken to in our own words: forms, cells, controls."""

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from reporting.engine.cells import Cells
from reporting.engine.controls.evaluation import evaluate
from reporting.engine.controls.tree import COMPARISONS, Binary
from reporting.engine.definition import Control, FormDefinition
from reporting.engine.implied import implied
from reporting.exchange.report_file import ReportFile, write
from reporting.exchange.template import TITLE, template

DAY = date(2026, 12, 31)
TITLE_PAGE = dict.fromkeys(TITLE, "сведения") | {"okpo": "00032537"}
_SIDES = re.compile(r"; слева (\S+) \S+ справа (\S+) разница \S+$")

Sides = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Verdict:
    """How a control came out: whether it holds and, for a rule of one comparison, the sides of each place it fails at."""

    holds: bool
    sides: tuple[Sides, ...] = ()


Verdicts = dict[str, Verdict]
Ask = Callable[[Sequence[tuple[FormDefinition, Sequence[Cells]]]], list[list[Verdicts]]]


def plain(control: Control) -> bool:
    """Whether the control is one comparison without a condition: then both programs name the same places."""
    rule = control.rule_node
    return isinstance(rule, Binary) and rule.symbol in COMPARISONS and control.condition is None


def controls_of(form: FormDefinition) -> list[Control]:
    """The controls a template of the form has: its own, and those that say what it derives."""
    return [*form.controls, *implied(form)]


def ours(form: FormDefinition, cells: Cells) -> Verdicts:
    """Verdicts of our own evaluator."""
    return {
        control.id: _verdict(
            control,
            [
                (one.left, one.right)
                for one in evaluate(
                    control.rule_node, cells, form.layout,
                    condition=control.condition_node, precision=control.precision, fault=control.fault,
                )
            ],
        )
        for control in controls_of(form)
    }  # fmt: skip


def asking(python: Path, driver: Path) -> Ask:
    """A function that judges reports of forms by the oracle."""

    def ask(asked: Sequence[tuple[FormDefinition, Sequence[Cells]]]) -> list[list[Verdicts]]:
        told = [
            {
                "template": template(form, DAY).decode(),
                "reports": [write(form, ReportFile(DAY.year, TITLE_PAGE, cells)).decode() for cells in reports],
            }
            for form, reports in asked
        ]
        done = subprocess.run(
            [str(python), str(driver)], input=json.dumps(told), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return [
            [_theirs(form, errors) for errors in judged]
            for (form, _), judged in zip(asked, json.loads(done.stdout), strict=True)
        ]

    return ask


def _theirs(form: FormDefinition, errors: list[dict[str, Any]]) -> Verdicts:
    beyond = [one for one in errors if not one["code"].startswith("4.")]
    assert not beyond, f"the file itself is refused: {beyond}"
    controls = controls_of(form)
    found: dict[int, list[Any]] = {}
    for error in errors:
        number = int(error["code"].removeprefix("4."))
        assert error["level"] == {"error": 1, "warning": 0}[controls[number - 1].level]
        found.setdefault(number, []).append(_sides(error["description"]) if plain(controls[number - 1]) else ())
    return {control.id: _verdict(control, found.get(number, [])) for number, control in enumerate(controls, 1)}


def _sides(description: str) -> Sides:
    told = _SIDES.search(description)
    assert told is not None
    left, right = (Decimal(0) if one == "nan" else Decimal(one) for one in told.groups())
    return left, right


def _verdict(control: Control, failures: list[Any]) -> Verdict:
    return Verdict(not failures, tuple(sorted(failures)) if plain(control) else ())
