"""Anyone's proof of the allocations: from what is published without a login, by the command that uses the independent check alone."""

import asyncio
import sys
from typing import Any

from demodata.journey.errors import JourneyError
from demodata.journey.world import World

_PUBLIC = "/api/enrollment/v1/public"


async def commitment(world: World, campaign_id: str) -> str:
    """What is shown of the lots' seed, as anyone may note it down before the first application."""
    shown: dict[str, Any] = (await world.api.call("GET", f"{_PUBLIC}/campaigns/{campaign_id}/lottery")).json()
    return str(shown["commitment"])


async def prove(world: World, campaign_id: str, noted: str) -> None:
    """Fetch what is published of every allocation and prove it; raises ``JourneyError`` where it is not proven.

    ``noted`` is the commitment seen before the applications. The data stay in ``allocations/`` of the journey's folder.
    """
    told = (await world.api.call("GET", f"{_PUBLIC}/campaigns/{campaign_id}/allocations")).json()["items"]
    folder = world.out / "allocations"
    folder.mkdir(parents=True, exist_ok=True)
    with world.steps.step("proven", "Независимая проверка опубликованных распределений", len(told)) as step:
        for one in told:
            data = await world.api.call("GET", f"{_PUBLIC}/allocations/{one['id']}/data")
            file = folder / f"{one['id']}.ndjson"
            file.write_bytes(data.content)
            done = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "eu_enrollment", "check-allocation", str(file)),
                *("--sha256", one["sha256"], "--commitment", noted),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await done.communicate()
            if done.returncode != 0:
                raise JourneyError(f"Распределение {one['id']} не доказано: {said.decode()[-1000:]}")
            step.advance()
        step.note = f"строк {sum(one['applicants'] for one in told)}, данные в {folder.name}/"
    world.summary["proven"] = [{name: one[name] for name in ("id", "applicants", "placed", "sha256")} for one in told]
