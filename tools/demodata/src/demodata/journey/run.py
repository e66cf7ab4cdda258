"""The journey from the first sign-in to the table at its end."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from demodata.journey import (
    calendars,
    contingent,
    daycare,
    diary,
    forms,
    handing_in,
    outcome,
    setup,
    territories,
    timetable,
    totals,
)
from demodata.journey.admission import Admission
from demodata.journey.client import Api
from demodata.journey.contingent import Counted
from demodata.journey.errors import JourneyError
from demodata.journey.lessons import LessonWeek
from demodata.journey.memory import MemoryWatch
from demodata.journey.sessions import Account
from demodata.journey.steps import Steps
from demodata.journey.world import World

_CONCURRENCY = 16


async def journey(gateway: str, data: Path, out: Path, admin: tuple[str, str], console: Console, stack: Path) -> None:
    """Drive the whole journey; raises ``JourneyError`` where something does not come out as it must.

    ``admin`` is login and password of the region's first administrator, ``stack`` the folder of the stack's instance.
    """
    started = time.monotonic()
    api = Api(gateway, concurrency=_CONCURRENCY)
    memory = MemoryWatch(stack)
    watching = asyncio.create_task(memory.watch())
    try:
        world = World.load(api, Steps(console), data, out)
        await _drive(world, Account(api, *admin))
        world.summary["seconds"] = world.steps.seconds
        world.summary["seconds_total"] = round(time.monotonic() - started, 1)
        world.summary["peak_memory_mb"] = memory.peak_mb
        world.summary["requests_repeated"] = api.repeated
        outcome.save(world)
        if not all(world.summary["contingent"]["agree"].values()):
            raise JourneyError("Контингент посчитан по-разному: смотрите таблицу")
        outcome.show_end(console, world, gateway)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await api.aclose()


async def _drive(world: World, region_admin: Account) -> None:
    region = world.region
    world.summary |= {name: region[name] for name in ("size", "seed", "as_of")}
    await setup.appoint(world, region_admin)
    await setup.register_organizations(world)
    await setup.open_groups(world)
    await calendars.enter(world, region_admin)
    await setup.import_class_lists(world)
    listed = {organization["key"]: organization["enrolled"] for organization in world.organizations}
    before = await _four_ways(world, listed, "before")
    await territories.assign(world)
    admission = Admission(world)
    await admission.open()
    await admission.replay()
    await admission.confirm()
    await admission.allocate()
    await admission.order()
    expected = {key: count + admission.enrolled[key] for key, count in listed.items()}
    after = await _four_ways(world, expected, "after")
    await setup.appoint_teachers(world)
    week = LessonWeek(world)
    await week.distribute()
    await week.record()
    await totals.confirm(world, week)
    await timetable.publish(world, week)
    await diary.read_diary(world, week)
    await diary.tell_absence(world, week)
    await daycare.note_day(world)
    consolidated = {"date": world.region["as_of"], "by": "municipality"}
    world.look("Регион: сводный контингент", "region-admin", "/api/core/v1/contingent/consolidated", **consolidated)
    world.summary["forms"] = await handing_in.hand_in(world)
    world.summary["contingent"] = outcome.contingents(before, after)
    outcome.show_contingents(world, before, after)


async def _four_ways(world: World, expected: Mapping[str, int], moment: str) -> dict[str, Counted]:
    with world.steps.step(f"events_{moment}", "События дошли до всех: организации", len(expected)) as step:
        counted = await contingent.settle(world, expected, step)
    return await forms.count_by_forms(world, counted, moment)
