"""Families of brothers and sisters by the package ``chilmai`` (a solver of constraints): {children, gardens, families} → {seconds, placed}.

``children`` are ages; a garden has its places by age and the children in its order; a family its children and joint options, a garden or
null for each. All go by number. ``placed`` are pairs of a child and its garden; null where it finds no stable result.
"""

import json
import sys
import time
from typing import Any

from chilmai.algorithm.cp_use_transfer.CP_algo import CP, OptimizationFailureError

_NONE = -1
_SECONDS = 120


def _solved(question: dict[str, Any]) -> dict[str, Any]:
    of_family = {child: number for number, one in enumerate(question["families"]) for child in one["children"]}
    children = {
        number: {
            "id": number,
            "age": age,
            "family_id": of_family[number],
            "initial_daycare_id": None,
            "preference_list": [],
        }
        for number, age in enumerate(question["children"])
    }
    gardens = {
        number: {
            "id": number,
            "recruiting_numbers_list": one["places"],
            "share_ages_list": [],
            "priority_child_id_list": one["order"],
            "priority_score_list": list(range(len(one["order"]), 0, -1)),
        }
        for number, one in enumerate(question["gardens"])
    }
    families = {
        number: {"id": number, "children": one["children"], "pref": _wishes(one["options"])}
        for number, one in enumerate(question["families"])
    }
    started = time.perf_counter()
    try:
        found = CP(children, gardens, families, share_bool=False, solver_time=_SECONDS, search_depth=0)[0]
    except OptimizationFailureError:
        return {"seconds": time.perf_counter() - started, "placed": None}
    placed = [(child, one["CP"]) for child, one in found.items() if one["CP"] != _NONE]
    return {"seconds": time.perf_counter() - started, "placed": placed}


def _wishes(options: list[list[int | None]]) -> list[Any]:
    """As the package takes them: of one child its gardens, of several a tuple for each option."""
    return [tuple(one) if len(one) > 1 else one[0] for one in options]


if __name__ == "__main__":
    json.dump(_solved(json.load(sys.stdin)), sys.stdout)
