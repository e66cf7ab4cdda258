"""Sample calls of the routes of preschool groups."""

from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import School, child_of
from ..places import school_of
from .kindergarten import MONTH, add_group, as_kindergarten, cell, saved

PARAMS: dict[str, Any] = {"params": {"month": MONTH}}


async def ready(world: World, place: Place) -> School:
    """A kindergarten whose educator is the caller."""
    return await as_kindergarten(await school_of(world, place))


async def codes(_world: World, _place: Place) -> Call:
    return Call("/daycare-codes")


async def sheet(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await ready(world, place)).group_id}/daycare-sheet", PARAMS)


async def sheet_file(world: World, place: Place) -> Call:
    return Call(
        f"/groups/{(await ready(world, place)).group_id}/daycare-sheet/file",
        {"params": {"month": MONTH, "format": "xlsx"}},
    )


async def save(world: World, place: Place) -> Call:
    school = await ready(world, place)
    [child] = await school.enrol("Образцова")
    return Call(f"/groups/{school.group_id}/daycare-days", {"json": {"cells": [cell(child)]}})


async def changes(world: World, place: Place) -> Listed:
    school = await ready(world, place)
    [child] = await school.enrol("Образцова")
    await saved(school, cell(child), headers=school.admin)
    path = f"/groups/{school.group_id}/daycare-changes"
    found = await school.service.client.get(path, headers=school.admin, **PARAMS)
    return Listed(Call(path, PARAMS), UUID(found.json()["items"][0]["id"]))


async def close_month(world: World, place: Place) -> Call:
    school = await ready(world, place)
    await add_group(school, group_id=school.group_id, since=date(2026, 8, 1))
    return Call(f"/groups/{school.group_id}/daycare-months/2026-08/closing")


CLOSED = {"first_day": "2026-10-05", "last_day": "2026-10-09", "reason": "Карантин"}


async def close_group(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await ready(world, place)).group_id}/daycare-closures", {"json": CLOSED})


async def closed(world: World, place: Place) -> tuple[School, UUID]:
    school = await ready(world, place)
    path = f"/groups/{school.group_id}/daycare-closures"
    made = await school.service.client.post(path, json=CLOSED, headers=school.admin)
    return school, UUID(made.json()["id"])


async def closures(world: World, place: Place) -> Listed:
    school, closure_id = await closed(world, place)
    return Listed(Call(f"/groups/{school.group_id}/daycare-closures"), closure_id)


async def withdraw(world: World, place: Place) -> Call:
    return Call(f"/daycare-closures/{(await closed(world, place))[1]}/withdrawal")


async def count(world: World, place: Place) -> Call:
    await ready(world, place)
    return Call(f"/organizations/{place.organization_id}/daycare-count", PARAMS)


async def count_file(world: World, place: Place) -> Call:
    await ready(world, place)
    params = {"params": {"month": MONTH, "format": "xlsx"}}
    return Call(f"/organizations/{place.organization_id}/daycare-count/file", params)


async def child_month(world: World, place: Place) -> Call:
    school = await ready(world, place)
    guardian = world.person_id if place.target is Target.OWN else new_id()
    return Call(f"/students/{await child_of(school, guardian)}/daycare", PARAMS)


SAMPLES: dict[str, Sample | Listing] = {
    "list_daycare_codes": Sample(codes, scoped=False),
    "read_daycare_sheet": Sample(sheet),
    "download_daycare_sheet": Sample(sheet_file),
    "save_daycare_days": Sample(save),
    "list_daycare_changes": Listing(changes, key="id", denied=404),
    "close_daycare_month": Sample(close_month),
    "close_daycare_group": Sample(close_group),
    "list_daycare_closures": Listing(closures, key="id", denied=404),
    "withdraw_daycare_closure": Sample(withdraw),
    "read_child_month": Sample(child_month, visible={Role.GUARDIAN: frozenset({Target.OWN})}),
    "count_daycare": Sample(count),
    "download_daycare_count": Sample(count_file),
}
