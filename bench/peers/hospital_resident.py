"""Hospitals and residents by the package ``matching``: {residents, hospitals, capacities} → {seconds, placed}.

Residents and hospitals are lists of preferences, by number; ``placed`` are pairs of a resident and its hospital.
"""

import json
import sys
import threading
import time
from typing import Any

from matching.games import HospitalResident

_STACK = 512 * 1024 * 1024


def _solved(question: dict[str, Any]) -> dict[str, Any]:
    residents = dict(enumerate(question["residents"]))
    hospitals = {number: order for number, order in enumerate(question["hospitals"]) if order}
    capacities = {number: question["capacities"][number] for number in hospitals}
    started = time.perf_counter()
    solution = HospitalResident.create_from_dictionaries(residents, hospitals, capacities).solve(optimal="resident")
    seconds = time.perf_counter() - started
    placed = [(one.name, hospital.name) for hospital, found in solution.items() for one in found]
    return {"seconds": seconds, "placed": placed}


def _main() -> None:
    json.dump(_solved(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    sys.setrecursionlimit(10**6)  # the package copies its players by recursion
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_main)
    thread.start()
    thread.join()
