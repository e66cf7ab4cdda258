"""Sample calls of the assessments' routes."""

from typing import Any

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import MONDAY, child_of, entry, hear
from ..timetable.office import Office
from ..timetable.samples import office_of

PERIOD = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
FAMILY = dict.fromkeys((Role.GUARDIAN, Role.STUDENT), frozenset({Target.OWN}))


async def ready(world: World, place: Place) -> tuple[Office, str, dict[str, Any]]:
    """A school whose teacher, the caller, has a lesson; the path of its assessments and what plans one."""
    office = await office_of(world, place)
    await hear(world.service, entry("control", "Контрольная работа"))
    body = {"lesson_id": await office.school.lesson(), "kind": "control", "title": "Входная"}
    return office, f"/organizations/{place.organization_id}/assessments", body


async def plan(world: World, place: Place) -> Call:
    _, path, body = await ready(world, place)
    return Call(path, {"json": body})


async def planned(world: World, place: Place) -> tuple[str, str]:
    office, path, body = await ready(world, place)
    return path, (await office.call("POST", path, **body)).json()["id"]


async def listed(world: World, place: Place) -> Listed:
    path, assessment_id = await planned(world, place)
    return Listed(Call(path, {"params": PERIOD}), assessment_id)


async def publish(world: World, place: Place) -> Call:
    _, path, _ = await ready(world, place)
    return Call(f"{path}/publication", {"json": {"valid_from": MONDAY.isoformat(), "valid_to": "2026-09-08"}})


async def printed(world: World, place: Place) -> Call:
    path, _ = await planned(world, place)
    return Call(f"{path}/file", {"params": {**PERIOD, "format": "xlsx"}})


async def read(world: World, place: Place) -> Call:
    return Call(f"/assessments/{(await planned(world, place))[1]}")


async def change(world: World, place: Place) -> Call:
    call = await read(world, place)
    return Call(call.path, {"json": {"title": "Итоговая"}, "headers": {"If-Match": '"1"'}})


async def withdraw(world: World, place: Place) -> Call:
    return Call((await read(world, place)).path, {"headers": {"If-Match": '"1"'}})


async def read_limits(world: World, place: Place) -> Call:
    await office_of(world, place)
    return Call(f"/organizations/{place.organization_id}/assessment-limits")


async def set_limits(world: World, place: Place) -> Call:
    return Call((await read_limits(world, place)).path, {"json": {"per_day": 2}, "headers": {"If-Match": '"0"'}})


async def of_child(world: World, place: Place) -> Call:
    office = await office_of(world, place)
    own = place.target is Target.OWN
    itself = own and world.is_of(Role.STUDENT)
    student = await child_of(office.school, world.person_id if own else new_id(), itself=itself)
    return Call(f"/students/{student}/assessments", {"params": PERIOD})


SAMPLES: dict[str, Sample | Listing] = {
    "plan_assessment": Sample(plan),
    "list_assessments": Listing(listed, key="id", denied=404),
    "download_assessments": Sample(printed),
    "publish_assessments": Sample(publish),
    "read_assessment": Sample(read),
    "change_assessment": Sample(change),
    "withdraw_assessment": Sample(withdraw),
    "read_assessment_limits": Sample(read_limits),
    "set_assessment_limits": Sample(set_limits),
    "list_child_assessments": Sample(of_child, visible=FAMILY),
}
