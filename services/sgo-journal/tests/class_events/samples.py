"""Sample calls of the class events' routes."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import MONDAY, hear, worker
from ..timetable.office import Office
from ..timetable.samples import office_of


async def ready(world: World, place: Place) -> tuple[Office, str, dict[str, Any]]:
    """A school whose teacher, the caller, leads the class; the path of its events and what plans one."""
    office = await office_of(world, place)
    everywhere = [one.organization_id for one in world.places.values()]
    await hear(world.service, worker(office.school.teacher_id, "Образцова", *everywhere))
    await office.school.appoint(office.school.teacher_id)
    body = {
        "kind": "class_hour",
        "title": "Классный час",
        "learners_ids": [str(office.school.group_id)],
        "starts_on": MONDAY.isoformat(),
        "ends_on": MONDAY.isoformat(),
        "responsible_id": str(office.school.teacher_id),
        "over_lessons": True,
        "over_events": True,
    }
    return office, f"/organizations/{place.organization_id}/class-events", body


async def plan(world: World, place: Place) -> Call:
    _, path, body = await ready(world, place)
    return Call(path, {"json": body})


async def planned(world: World, place: Place) -> tuple[str, str]:
    office, path, body = await ready(world, place)
    return path, (await office.call("POST", path, **body)).json()["id"]


async def listed(world: World, place: Place) -> Listed:
    path, event_id = await planned(world, place)
    return Listed(Call(path, {"params": {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}}), event_id)


async def read(world: World, place: Place) -> Call:
    return Call(f"/class-events/{(await planned(world, place))[1]}")


async def change(world: World, place: Place) -> Call:
    return Call((await read(world, place)).path, {"json": {"title": "Собрание"}, "headers": {"If-Match": '"1"'}})


async def cancel(world: World, place: Place) -> Call:
    path = f"{(await read(world, place)).path}/cancellation"
    return Call(path, {"json": {"reason": "Мороз"}, "headers": {"If-Match": '"1"'}})


async def participants(world: World, place: Place) -> Call:
    return Call(f"{(await read(world, place)).path}/participants")


async def changes(world: World, place: Place) -> Call:
    return Call(f"{(await read(world, place)).path}/changes")


SAMPLES: dict[str, Sample | Listing] = {
    "plan_class_event": Sample(plan),
    "list_class_events": Listing(listed, key="id", denied=404),
    "read_class_event": Sample(read),
    "change_class_event": Sample(change),
    "cancel_class_event": Sample(cancel),
    "list_class_event_changes": Sample(changes),
    "list_class_event_participants": Sample(participants),
}
