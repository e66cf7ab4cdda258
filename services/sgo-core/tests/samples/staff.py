"""Sample calls of the routes of workers and employments."""

from typing import Any

from asu_contracts.access import BODIES, UNIT_OF_ROLE, Role, UnitKind
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..staffing import hiring
from ..world import Registry
from .registry import NOTHING, place_organization, plain

_OFFICES = {**dict.fromkeys(BODIES, NOTHING), Role.TEACHER: NOTHING}
"""The staff of an organization is kept by its office alone."""
_OWN_BODY: dict[Role, frozenset[Target]] = {
    role: frozenset({Target.OWN, Target.FOREIGN}) if kind is UnitKind.DEPARTMENT else NOTHING
    for role, kind in UNIT_OF_ROLE.items()
    if role is not Role.REGION_ADMIN
}
_numbers = iter(range(3000, 10_000_000))


async def place_worker(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    registry = await place_organization(world, place)
    return registry, await world.once("worker", place, lambda: _hire(registry, place))


async def another_worker(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    """A worker of the place for the caller's sample alone."""
    registry = await place_organization(world, place)
    return registry, await _hire(registry, place)


async def _hire(registry: Registry, place: Place) -> dict[str, Any]:
    path = f"/organizations/{place.organization_id}/workers"
    headers = registry.office(place.organization_id)
    answer = await registry.service.client.post(path, json=hiring(next(_numbers)), headers=headers)
    assert answer.status_code == 201, answer.text
    hired: dict[str, Any] = answer.json()
    return hired


def of_worker(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        _, hired = await place_worker(world, place)
        return Call(f"/workers/{hired['worker_id']}{suffix}")

    return make


async def hire_worker(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(f"/organizations/{place.organization_id}/workers", {"json": hiring(next(_numbers))})


async def hire_officer(world: World, place: Place) -> Call:
    await place_organization(world, place)
    body = hiring(next(_numbers), post="body_specialist")
    return Call(f"/governing-bodies/{place.founder_id}/workers", {"json": body})


async def list_workers(world: World, place: Place) -> Listed:
    _, hired = await place_worker(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/workers"), hired["worker_id"])


async def list_officers(world: World, place: Place) -> Call:
    registry = await place_organization(world, place)
    path = f"/governing-bodies/{place.founder_id}/workers"
    body = hiring(next(_numbers), post="body_specialist")
    answer = await registry.service.client.post(path, json=body, headers=registry.region)
    assert answer.status_code == 201, answer.text
    return Call(path)


async def edit_worker(world: World, place: Place) -> Call:
    _, hired = await place_worker(world, place)
    body = {"reason": "Уточнение", "values": {"degree": "Кандидат наук"}}
    return Call(f"/workers/{hired['worker_id']}", {"json": body, "headers": {"If-Match": '"1"'}})


async def add_employment(world: World, place: Place) -> Call:
    _, hired = await place_worker(world, place)
    body = {"post_code": "methodist", "main": False, "rate": "0.5", "hired_on": "2026-09-01", "order_number": "9-к"}
    return Call(f"/workers/{hired['worker_id']}/employments", {"json": body})


async def edit_employment(world: World, place: Place) -> Call:
    _, hired = await place_worker(world, place)
    options = {"json": {"reason": "Перевод", "rate": "0.75"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/employments/{hired['employment_id']}", options)


SAMPLES: dict[str, Sample | Listing] = {
    "list_posts": plain("/posts"),
    "hire_worker": Sample(hire_worker, visible=_OFFICES),
    "hire_officer": Sample(hire_officer, visible=_OWN_BODY),
    "list_workers": Listing(list_workers, denied=404),
    "list_officers": Sample(list_officers, visible=_OWN_BODY),
    "get_worker": Sample(of_worker()),
    "edit_worker": Sample(edit_worker, visible=_OFFICES),
    "list_worker_changes": Sample(of_worker("/history")),
    "add_employment": Sample(add_employment, visible=_OFFICES),
    "edit_employment": Sample(edit_employment, visible=_OFFICES),
}
