"""Runs a bench: ours and the yardstick in turn, medians, one last line with the ratio, failure below the floor."""

import tomllib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Side = Callable[[], Awaitable[float]]
"""Does the whole work once on fresh ground and returns the seconds the measured part took."""

_FLOORS = Path(__file__).parent / "floors.toml"


class BelowFloorError(Exception):
    """The ratio is lower than the floor."""


@dataclass(frozen=True)
class Comparison:
    """Medians of both sides, in seconds for the same work."""

    name: str
    ours: float
    yardstick: float

    @property
    def ratio(self) -> float:
        """Higher is better; 1 is as fast as the yardstick."""
        return self.yardstick / self.ours


async def compare(name: str, ours: Side, yardstick: Side, *, work: int, unit: str, rounds: int = 5) -> Comparison:
    """Measure both sides in turn after one uncounted warm-up each. ``work`` is the number of units done per round."""
    await yardstick()
    await ours()
    times: dict[str, list[float]] = {"ours": [], "yardstick": []}
    for number in range(1, rounds + 1):
        for label, side in (("yardstick", yardstick), ("ours", ours)):
            seconds = await side()
            times[label].append(seconds)
            print(f"{name}: round {number}, {label}: {seconds:.3f} s, {work / seconds:,.0f} {unit}/s", flush=True)
    return Comparison(name, median(times["ours"]), median(times["yardstick"]))


def conclude(comparisons: Sequence[Comparison]) -> None:
    """Print a last line for each; raise ``BelowFloorError`` when a ratio is lower than the committed floor."""
    floors = tomllib.loads(_FLOORS.read_text(encoding="utf-8"))
    below = []
    for one in comparisons:
        print(f"{one.name}: ratio {one.ratio:.2f} (ours {one.ours:.3f} s, yardstick {one.yardstick:.3f} s)", flush=True)
        if one.ratio < floors.get(one.name, 0):
            below.append(f"{one.name}: ratio {one.ratio:.2f} is below the floor {floors[one.name]}")
    if below:
        raise BelowFloorError("\n".join(below))
