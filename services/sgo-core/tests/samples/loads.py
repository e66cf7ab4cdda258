"""Sample calls of the routes of the teaching load."""

from typing import Any
from uuid import UUID

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..loading import distribute, load, teacher
from ..planning import subject_ids
from ..world import Registry
from .curricula import place_class
from .registry import of_organization

_numbers = iter(range(20_000, 10_000_000))


async def _line(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    registry, group_id = await place_class(world, place)
    worker_id = await teacher(registry, place.organization_id, next(_numbers))
    mathematics = (await subject_ids(registry))["mathematics"]
    return registry, load(mathematics, worker_id, "5", group_id=group_id)


async def _distributed(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    registry, line = await _line(world, place)
    answer = await distribute(registry, place.organization_id, line)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["items"][0]
    return registry, found


async def distribute_loads(world: World, place: Place) -> Call:
    _, line = await _line(world, place)
    body = {"academic_year": 2026, "loads": [line]}
    return Call(f"/organizations/{place.organization_id}/loads", {"json": body})


async def list_loads(world: World, place: Place) -> Listed:
    _, line = await _distributed(world, place)
    path = f"/organizations/{place.organization_id}/loads"
    return Listed(Call(path, {"params": {"date": "2026-10-01"}}), UUID(line["id"]))


async def edit_load(world: World, place: Place) -> Call:
    _, line = await _distributed(world, place)
    body = {"reason": "Опечатка", "hours_week": "4"}
    return Call(f"/loads/{line['id']}", {"json": body, "headers": {"If-Match": '"1"'}})


async def replace_teacher(world: World, place: Place) -> Call:
    registry, line = await _distributed(world, place)
    another = await teacher(registry, place.organization_id, next(_numbers))
    body = {"worker_id": another, "valid_from": "2026-10-01", "reason": "Больничный"}
    return Call(f"/loads/{line['id']}/replacement", {"json": body, "headers": {"If-Match": '"1"'}})


async def get_tariff(world: World, place: Place) -> Call:
    await _distributed(world, place)
    return Call(f"/organizations/{place.organization_id}/loads/tariff", {"params": {"date": "2026-10-01"}})


SAMPLES: dict[str, Sample | Listing] = {
    "distribute_loads": Sample(distribute_loads),
    "list_loads": Listing(list_loads, denied=404),
    "edit_load": Sample(edit_load),
    "replace_teacher": Sample(replace_teacher),
    "get_distribution": Sample(of_organization("/loads/distribution")),
    "get_tariff": Sample(get_tariff),
}
