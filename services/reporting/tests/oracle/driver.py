"""Run by the oracle's python: judges many reports by their templates.

Reads ``[{"template": xml, "reports": [xml, …]}, …]`` and prints ``[[[{code, description, level}, …] a report] a template]``.
A template is read anew for each report: a schema keeps the errors of the last one. Parsed formulas are kept, and copied for each
use, because the evaluator writes into them.
"""

import contextlib
import functools
import json
import sys
from typing import Any

from rosstat import flc  # type: ignore[import-not-found]  # only in the oracle's environment
from rosstat.validators.control import inspectors  # type: ignore[import-not-found]  # as above

formulas = inspectors.formula
parsed = functools.cache(formulas.parse)


def copied(node: Any) -> Any:
    return type(node)(node.data, [copied(one) for one in node.children]) if hasattr(node, "children") else node


formulas.parse = lambda text: copied(parsed(text))


def judge(template: str, report: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = flc.parse_schema(template.encode()).validate(flc.parse_report(report.encode()))
    return found


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):  # the oracle prints what it stumbles over
        told = [[judge(one["template"], report) for report in one["reports"]] for one in json.load(sys.stdin)]
    json.dump(told, sys.stdout)
