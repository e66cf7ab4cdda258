"""Sample calls of the switches' routes."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import MONDAY, YEAR
from ..timetable.samples import office_of

SWITCH: dict[str, Any] = {
    "academic_year": YEAR,
    "kind": "weather",
    "effect": "cancel",
    "valid_from": MONDAY.isoformat(),
    "valid_to": "2026-09-08",
    "reason": "Штормовое предупреждение",
}


async def ready(world: World, place: Place) -> Call:
    """A school with a lesson to switch; the call that switches it."""
    office = await office_of(world, place)
    await office.school.lesson()
    return Call(f"/organizations/{place.organization_id}/switches", {"json": SWITCH})


async def preview(world: World, place: Place) -> Call:
    return Call(f"{(await ready(world, place)).path}/preview", {"json": SWITCH})


async def a_switch(world: World, place: Place) -> tuple[str, str]:
    office = await office_of(world, place)
    await office.school.lesson()
    path = f"/organizations/{place.organization_id}/switches"
    # Remote, so that undoing it asks for no free hour: the samples' lessons lie at one, with one teacher.
    remote: dict[str, Any] = {**SWITCH, "kind": "remote", "effect": "remote"}
    return path, (await office.call("POST", path, **remote)).json()["id"]


async def listed(world: World, place: Place) -> Listed:
    path, switch_id = await a_switch(world, place)
    return Listed(Call(path), switch_id)


async def read(world: World, place: Place) -> Call:
    _, switch_id = await a_switch(world, place)
    return Call(f"/switches/{switch_id}")


async def undo(world: World, place: Place) -> Call:
    _, switch_id = await a_switch(world, place)
    return Call(f"/switches/{switch_id}/undo", {"json": {"reason": "Снято"}, "headers": {"If-Match": '"1"'}})


SAMPLES: dict[str, Sample | Listing] = {
    "preview_switch": Sample(preview),
    "make_switch": Sample(ready),
    "list_switches": Listing(listed, key="id", denied=404),
    "read_switch": Sample(read),
    "undo_switch": Sample(undo),
}
