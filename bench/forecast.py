"""How forecasts of the queue come true, and what one of a region's campaign costs.

Printed: the reliability table over worlds whose rates the forecast knows only from a sample (chance told, share that came true), the
Brier score beside that of telling everybody the common share, and the seconds of one forecast. It fails when the chances told are
further than five points from what came true.
"""

import asyncio
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.runner import BelowFloorError, Comparison
from eu_enrollment.queue.futures import Order, Rates, forecast, reliability

WORLDS, CHILDREN, ORGANIZATIONS, ROUNDS = 40, 500, 15, 50
LARGE = (60_000, 1_000)
TOLERANCE = 0.05
_SEED = 20_260_401


def _tests(name: str) -> Any:
    folder = str(Path(__file__).parents[1] / "services" / "eu-enrollment")
    if folder not in sys.path:
        sys.path.append(folder)
    return import_module(f"tests.{name}")


def _measure() -> list[Comparison]:
    worlds = _tests("queue.worlds")
    pairs = [
        pair for world in range(WORLDS) for pair in worlds.told_and_true(_SEED + world, CHILDREN, ORGANIZATIONS, ROUNDS)
    ]
    found = reliability(pairs)
    print(f"forecast: {len(pairs):,} chances over {WORLDS} worlds; told → came true", flush=True)
    for one in found.bins:
        print(f"forecast: {one.told:6.1%} → {one.true:6.1%}  ({one.count:,})", flush=True)
    print(
        f"forecast: Brier {found.brier:.4f} (common share {found.base:.4f}), distance {found.error:.2%} (at most {TOLERANCE:.0%})",
        flush=True,
    )
    instance = _tests("allocation.instances").market(_SEED, *LARGE)
    started = time.perf_counter()
    forecast(instance, Rates(0.1, 0.03, 0.1), Order(by_lot=False, drawn=True), 3, 2, _SEED)
    seconds = (time.perf_counter() - started) / 2
    print(
        f"forecast: {LARGE[0]:,} children × {LARGE[1]:,} organizations: {seconds:.1f} s a future of 3 months",
        flush=True,
    )
    if found.error > TOLERANCE:
        raise BelowFloorError(f"forecast: chances told are {found.error:.1%} from what came true")
    return []


async def run() -> list[Comparison]:
    """Measure how forecasts come true."""
    return await asyncio.to_thread(_measure)
