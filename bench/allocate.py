"""Allocation in memory: 100 000 children, 1 500 organizations, up to five wishes; and how it grows.

Printed: seconds of the run and of the independent checker, peak memory of a process of its own, and the same from 10 000 to
1 000 000 children with the seconds per n·log n, which stay level when the growth is that of sorting. The yardstick is the package
``matching`` (hospitals and residents) at 10 000 children and 100 organizations, which must give every child the same organization.
With brothers and sisters the package ``chilmai`` is asked the same: equal, or the gap is printed.
"""

import asyncio
import math
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from bench import peers
from bench.peers import beside
from bench.runner import Comparison
from eu_enrollment.allocation import together
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.matching import allocate
from eu_enrollment.allocation.problem import Instance, Result
from servicekit.memory import settle

CHILDREN, ORGANIZATIONS = 100_000, 1_500
GROWTH = ((10_000, 150), (30_000, 450), (100_000, 1_500), (300_000, 4_500), (1_000_000, 15_000))
BESIDE = (10_000, 100)
_SEED = 20_260_401
_ROUNDS = 9
_TOGETHER = 0.1
"""Of the children, those who ask with their families."""


def _instances() -> Any:
    """The tests' module that makes instances."""
    folder = str(Path(__file__).parents[1] / "services" / "eu-enrollment")
    if folder not in sys.path:
        sys.path.append(folder)
    return import_module("tests.allocation.instances")


def _market(children: int, organizations: int, **more: Any) -> Instance:
    """An instance as the tests make it: ages, benefits, siblings, popular organizations."""
    made: Instance = _instances().market(_SEED, children, organizations, **more)
    return made


def _timed(children: int, organizations: int) -> tuple[float, float, int, int]:
    """Seconds of the run and of the checker, children placed, and the memory at the peak beside what the process began with."""
    settle()  # as the services run
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


def _timed_together(children: int, organizations: int) -> tuple[float, float, int, int]:
    """Seconds of the run and of the checker with brothers and sisters, families, and those of them that block the result."""
    settle()
    instance = _instances().with_families(_market(children, organizations), Random(_SEED), share=_TOGETHER)
    started = time.perf_counter()
    result = together.allocate(instance)
    allocated = time.perf_counter()
    if found := violations(instance, result):
        raise RuntimeError(f"not proven: {found[:3]}")
    return allocated - started, time.perf_counter() - allocated, len(instance.families), len(result.blocking)


def _apart(work: Callable[..., Any], *sizes: int) -> Any:
    """In a process of its own, so that its memory is its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, sizes)


def _theirs(instance: Instance) -> tuple[float, dict[int, int]]:
    """The same by the package: seconds, and the organization of each child by their numbers."""
    names = {id_: number for number, id_ in enumerate(instance.pools)}
    ranked: list[list[tuple[int, int, int]]] = [[] for _ in names]
    for number, applicant in enumerate(instance.applicants):
        for choice in applicant.choices:
            ranked[names[choice.organization_id]].append((choice.priority, applicant.tie, number))
    question = {
        "residents": [[names[choice.organization_id] for choice in one.choices] for one in instance.applicants],
        "hospitals": [[child for *_, child in sorted(wanting)] for wanting in ranked],
        "capacities": [pools[0].places for pools in instance.pools.values()],
    }
    answer = peers.ask("hospital_resident", question)
    return answer["seconds"], dict(answer["placed"])


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
    instance = _market(*BESIDE, ages=1, fill=1.9)
    settle()
    before, result = _rounds(instance)
    theirs, found = _theirs(instance)
    after, _ = _rounds(instance)  # on both sides of the yardstick, so that a slow moment is nobody's alone
    names = {id_: number for number, id_ in enumerate(instance.pools)}
    mine = {
        number: names[result.seats[applicant.id].organization_id]
        for number, applicant in enumerate(instance.applicants)
        if applicant.id in result.seats
    }
    if mine != found:
        raise RuntimeError("the results differ")
    print(f"allocate: {BESIDE[0]:,} × {BESIDE[1]}: equal to the package `matching`, {len(mine):,} placed", flush=True)
    run, check, families, blocking = _apart(_timed_together, CHILDREN, ORGANIZATIONS)
    print(
        f"allocate: together, {CHILDREN:,} × {ORGANIZATIONS:,}, {families:,} families: run {run:.1f} s, checker {check:.1f} s, "
        f"{f'{blocking} families block' if blocking else 'stable'}",
        flush=True,
    )
    beside.show(_instances())
    return Comparison("allocate", median([*before, *after]), theirs)


def _rounds(instance: Instance) -> tuple[list[float], Result]:
    """Seconds of each round, and the result."""
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        result = allocate(instance)
        times.append(time.perf_counter() - started)
    return times, result


async def run() -> Comparison:
    """Measure the run, its growth, and the package beside it."""
    return await asyncio.to_thread(_measure)
