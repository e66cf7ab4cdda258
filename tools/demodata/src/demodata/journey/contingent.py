"""One contingent counted four ways: core, journal, reporting and the federal form must give one number."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from demodata.journey.errors import JourneyError
from demodata.journey.steps import Step
from demodata.journey.world import World

SERVICES = ("core", "journal", "reporting")
_STALLED = 180.0  # seconds without any change after which waiting is given up
_PAUSE = 1.0


@dataclass(frozen=True)
class Counted:
    """The numbers of one organization; ``form`` stays empty until the form is built."""

    core: int
    journal: int
    reporting: int
    form: int | None = None

    @property
    def agrees(self) -> bool:
        return len({self.core, self.journal, self.reporting} | ({self.form} if self.form is not None else set())) == 1


async def count(world: World, day: date | None = None) -> dict[str, Counted]:
    """What each service counts now for a day (``as_of``, if empty), by organization key."""
    date_asked = (day or world.as_of).isoformat()

    async def one(service: str) -> dict[str, int]:
        pages = world.api.pages(f"/api/{service}/v1/contingent", world.operator, date=date_asked)
        return {item["organization_id"]: item["total"] async for item in pages}

    core, journal, reporting = await asyncio.gather(*(one(service) for service in SERVICES))
    return {
        key: Counted(core.get(identifier, 0), journal.get(identifier, 0), reporting.get(identifier, 0))
        for key, identifier in sorted(world.organization_ids.items())
    }


async def settle(world: World, expected: Mapping[str, int], step: Step) -> dict[str, Counted]:
    """Wait until events have come to every reader: all count what is expected in every organization."""
    last: dict[str, Counted] = {}
    changed_at = time.monotonic()
    while True:
        counted = await count(world)
        done = sum(one.agrees and one.core == expected[key] for key, one in counted.items())
        step.at(done, len(counted))
        if done == len(counted):
            return counted
        if counted != last:
            last, changed_at = counted, time.monotonic()
        elif time.monotonic() - changed_at > _STALLED:
            raise JourneyError(f"События не доходят: {_differences(counted, expected)}")
        await asyncio.sleep(_PAUSE)


def _differences(counted: Mapping[str, Counted], expected: Mapping[str, int]) -> str:
    wrong = {key: one for key, one in counted.items() if not (one.agrees and one.core == expected[key])}
    return "; ".join(
        f"{key}: ожидалось {expected[key]}, core {one.core}, journal {one.journal}, reporting {one.reporting}"
        for key, one in list(wrong.items())[:10]
    )
