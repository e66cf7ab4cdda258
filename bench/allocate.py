"""Allocation in memory: 100 000 children, 1 500 organizations, up to five wishes; and how it grows.

Printed: seconds of the run and of the independent checker, peak memory of a process of its own, and the same from 10 000 to
1 000 000 children with the seconds per n·log n, which stay level when the growth is that of sorting. The yardstick is the package
``matching`` (hospitals and residents) at 10 000 children and 100 organizations, which must give every child the same organization.
"""

import asyncio
import math
import resource
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from matching.games import HospitalResident

from bench.runner import Comparison
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.matching import allocate
from eu_enrollment.allocation.problem import Instance

CHILDREN, ORGANIZATIONS = 100_000, 1_500
GROWTH = ((10_000, 150), (30_000, 450), (100_000, 1_500), (300_000, 4_500), (1_000_000, 15_000))
BESIDE = (10_000, 100)
_SEED = 20_260_401
_STACK = 512 * 1024 * 1024


def _market(children: int, organizations: int, **more: Any) -> Instance:
    """An instance as the tests make it: ages, benefits, siblings, popular organizations."""
    folder = str(Path(__file__).parents[1] / "services" / "eu-enrollment")
    if folder not in sys.path:
        sys.path.append(folder)
    made: Instance = import_module("tests.allocation.instances").market(_SEED, children, organizations, **more)
    return made


def _timed(children: int, organizations: int) -> tuple[float, float, int, int]:
    """Seconds of the run and of the checker, children placed, and the memory at the peak beside what the process began with."""
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    instance = _market(children, organizations)
    started = time.perf_counter()
    result = allocate(instance)
    allocated = time.perf_counter()
    if found := violations(instance, result):
        raise RuntimeError(f"not proven: {found[:3]}")
    checked = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began
    return allocated - started, checked - allocated, len(result.seats), peak * 1024


def _apart(work: Callable[..., Any], *sizes: int) -> Any:
    """In a process of its own, so that its memory is its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, sizes)


def _theirs(instance: Instance) -> tuple[float, dict[int, int]]:
    """The same by the package: seconds, and the organization of each child by their numbers."""
    names = {id_: number for number, id_ in enumerate(instance.pools)}
    wishes = {
        number: [names[choice.organization_id] for choice in applicant.choices]
        for number, applicant in enumerate(instance.applicants)
    }
    ranked: dict[int, list[tuple[int, int, int]]] = {number: [] for number in names.values()}
    for number, applicant in enumerate(instance.applicants):
        for choice in applicant.choices:
            ranked[names[choice.organization_id]].append((choice.priority, applicant.tie, number))
    orders = {organization: [child for *_, child in sorted(wanting)] for organization, wanting in ranked.items()}
    places = {names[id_]: pools[0].places for id_, pools in instance.pools.items()}
    wanted = {organization: order for organization, order in orders.items() if order}
    started = time.perf_counter()
    game = HospitalResident.create_from_dictionaries(wishes, wanted, {one: places[one] for one in wanted})
    solution = game.solve(optimal="resident")
    seconds = time.perf_counter() - started
    return seconds, {child.name: hospital.name for hospital, children in solution.items() for child in children}


def _deep(work: Callable[[], Any]) -> Any:
    """The package copies its players recursively: it needs a deep stack."""
    found: list[Any] = []
    before = threading.stack_size(_STACK)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10**6)
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    threading.stack_size(before)
    sys.setrecursionlimit(limit)
    return found[0]


def _measure() -> Comparison:
    run, check, placed, memory = _apart(_timed, CHILDREN, ORGANIZATIONS)
    print(
        f"allocate: {CHILDREN:,} children × {ORGANIZATIONS:,} organizations: run {run:.2f} s (goal 3), checker {check:.2f} s (goal 1), "
        f"memory {memory / 2**20:.0f} MiB (goal 1 024), placed {placed:,}",
        flush=True,
    )
    for children, organizations in GROWTH:
        run, check, _, memory = _apart(_timed, children, organizations)
        share = run / (children * math.log2(children)) * 1e9
        print(
            f"allocate: {children:>9,}: run {run:6.2f} s, {share:5.0f} ns per n·log n, checker {check:6.2f} s, {memory / 2**20:6.0f} MiB",
            flush=True,
        )
    instance = _market(*BESIDE, ages=1)
    started = time.perf_counter()
    result = allocate(instance)
    ours = time.perf_counter() - started
    theirs, found = _deep(lambda: _theirs(instance))
    names = {id_: number for number, id_ in enumerate(instance.pools)}
    mine = {
        number: names[result.seats[applicant.id].organization_id]
        for number, applicant in enumerate(instance.applicants)
        if applicant.id in result.seats
    }
    if mine != found:
        raise RuntimeError("the results differ")
    print(f"allocate: {BESIDE[0]:,} × {BESIDE[1]}: equal to the package `matching`, {len(mine):,} placed", flush=True)
    return Comparison("allocate", ours, theirs)


async def run() -> Comparison:
    """Measure the run, its growth, and the package beside it."""
    return await asyncio.to_thread(_measure)
