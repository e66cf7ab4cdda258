"""Sample calls of the routes of groups' history, programmes of additional education and class teachers."""

from typing import Any
from uuid import UUID

from asu_contracts.access import BODIES
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..staffing import hiring
from ..world import Registry
from .registry import NOTHING, another_group, place_organization
from .staff import place_worker

_OFFICES = dict.fromkeys(BODIES, NOTHING)
_numbers = iter(range(1, 10_000_000))


def programme(title: str, **changes: Any) -> dict[str, Any]:
    """A programme to start."""
    return {
        "title": title,
        "orientation": "technical",
        "age_from": 7,
        "age_to": 17,
        "hours": 144,
        "duration_months": 9,
        **changes,
    }


async def place_programme(world: World, place: Place) -> tuple[Registry, UUID]:
    registry = await place_organization(world, place)
    answer = await registry.service.client.post(
        f"/organizations/{place.organization_id}/programmes",
        json=programme(f"Робототехника {next(_numbers)}"),
        headers=registry.office(place.organization_id),
    )
    assert answer.status_code == 201, answer.text
    return registry, UUID(answer.json()["id"])


async def start_programme(world: World, place: Place) -> Call:
    await place_organization(world, place)
    body = programme(f"Шахматы {next(_numbers)}", orientation="sports")
    return Call(f"/organizations/{place.organization_id}/programmes", {"json": body})


async def list_programmes(world: World, place: Place) -> Listed:
    _, programme_id = await place_programme(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/programmes"), programme_id)


def of_programme(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        _, programme_id = await place_programme(world, place)
        return Call(f"/programmes/{programme_id}{suffix}")

    return make


async def edit_programme(world: World, place: Place) -> Call:
    _, programme_id = await place_programme(world, place)
    body = {"reason": "Новая редакция", "hours": 72}
    return Call(f"/programmes/{programme_id}", {"json": body, "headers": {"If-Match": '"1"'}})


async def list_group_changes(world: World, place: Place) -> Call:
    _, group_id = await another_group(world, place)
    return Call(f"/groups/{group_id}/history")


async def appoint_class_teacher(world: World, place: Place) -> Call:
    _, hired = await place_worker(world, place)
    _, group_id = await another_group(world, place)
    body = {"worker_id": hired["worker_id"], "valid_from": "2026-09-01"}
    return Call(f"/groups/{group_id}/teachers", {"json": body})


async def place_class_teacher(world: World, place: Place) -> tuple[Registry, UUID, dict[str, Any]]:
    """A class of the place and who leads it."""
    registry, group_id = await another_group(world, place)
    headers = registry.office(place.organization_id)
    path = f"/organizations/{place.organization_id}/workers"
    hired = (await registry.service.client.post(path, json=hiring(next(_numbers) + 50_000), headers=headers)).json()
    body = {"worker_id": hired["worker_id"], "valid_from": "2026-09-01"}
    answer = await registry.service.client.post(f"/groups/{group_id}/teachers", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    appointed: dict[str, Any] = answer.json()
    return registry, group_id, appointed


async def end_class_teacher(world: World, place: Place) -> Call:
    _, _, appointed = await place_class_teacher(world, place)
    options = {"json": {"reason": "По заявлению", "valid_to": "2027-01-11"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/class-teachers/{appointed['id']}", options)


async def list_class_teachers(world: World, place: Place) -> Listed:
    _, _, appointed = await place_class_teacher(world, place)
    path = f"/organizations/{place.organization_id}/class-teachers?date=2026-10-01"
    return Listed(Call(path), appointed["id"])


SAMPLES: dict[str, Sample | Listing] = {
    "list_group_changes": Sample(list_group_changes),
    "start_programme": Sample(start_programme),
    "list_programmes": Listing(list_programmes, denied=404),
    "get_programme": Sample(of_programme()),
    "list_programme_changes": Sample(of_programme("/history")),
    "edit_programme": Sample(edit_programme),
    "appoint_class_teacher": Sample(appoint_class_teacher),
    "end_class_teacher": Sample(end_class_teacher),
    "list_class_teachers": Listing(list_class_teachers, denied=404),
}
