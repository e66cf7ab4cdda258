"""Sample calls of the routes of settings and reference books."""

from typing import Any

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry
from .registry import place_organization, plain

_numbers = iter(range(10_000_000))


def keeper(registry: Registry, world: World, place: Place) -> dict[str, str]:
    """Who keeps the object: the regional administrator, when it calls, has the region's, everybody else the organization's."""
    return registry.region if world.is_of(Role.REGION_ADMIN) else registry.office(place.organization_id)


def new_value() -> dict[str, Any]:
    number = next(_numbers)
    day = f"{2000 + number // 336}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
    return {"name": "week_basic", "value": 6, "valid_from": day, "reason": "Шестидневная неделя"}


def new_entry(registry: Registry, headers: dict[str, str]) -> dict[str, Any]:
    number = next(_numbers)
    entry = {"title": f"Кабинет черчения {number}", "position": 5, "reason": "Новый вид помещения"}
    return entry | ({"code": f"drafting_{number}"} if headers == registry.region else {})


async def made(registry: Registry, path: str, body: dict[str, Any], headers: dict[str, str]) -> str:
    answer = await registry.service.client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def place_value(world: World, place: Place) -> str:
    registry = await place_organization(world, place)
    return await made(registry, "/settings/values", new_value(), keeper(registry, world, place))


async def place_entry(world: World, place: Place) -> str:
    registry = await place_organization(world, place)
    headers = keeper(registry, world, place)
    return await made(registry, "/reference-books/room_kinds/entries", new_entry(registry, headers), headers)


async def get_settings(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call("/settings", {"params": {"organization_id": str(place.organization_id)}})


async def list_values(world: World, place: Place) -> Listed:
    registry = await place_organization(world, place)
    value_id = await made(registry, "/settings/values", new_value(), registry.office(place.organization_id))
    return Listed(Call("/settings/values", {"params": {"organization_id": str(place.organization_id)}}), value_id)


async def set_value(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call("/settings/values", {"json": new_value()})


def of_value(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        registry = await place_organization(world, place)
        value_id = await made(registry, "/settings/values", new_value(), registry.office(place.organization_id))
        return Call(f"/settings/values/{value_id}{suffix}")

    return make


async def edit_value(world: World, place: Place) -> Call:
    value_id = await place_value(world, place)
    options = {"json": {"reason": "Уточнение", "value": 5}, "headers": {"If-Match": '"1"'}}
    return Call(f"/settings/values/{value_id}", options)


async def list_entries(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call("/reference-books/room_kinds/entries", {"params": {"organization_id": str(place.organization_id)}})


async def add_entry(world: World, place: Place) -> Call:
    registry = await place_organization(world, place)
    body = new_entry(registry, keeper(registry, world, place))
    return Call("/reference-books/room_kinds/entries", {"json": body})


def of_entry(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        registry = await place_organization(world, place)
        headers = registry.office(place.organization_id)
        path = "/reference-books/room_kinds/entries"
        return Call(f"/reference-entries/{await made(registry, path, new_entry(registry, headers), headers)}{suffix}")

    return make


async def edit_entry(world: World, place: Place) -> Call:
    entry_id = await place_entry(world, place)
    options = {"json": {"reason": "Уточнение", "active": False}, "headers": {"If-Match": '"1"'}}
    return Call(f"/reference-entries/{entry_id}", options)


SAMPLES: dict[str, Sample | Listing] = {
    "get_settings": Sample(get_settings),
    "list_setting_values": Listing(list_values, denied=404),
    "set_setting_value": Sample(set_value, scoped=False),
    "get_setting_value": Sample(of_value()),
    "edit_setting_value": Sample(edit_value),
    "list_setting_value_changes": Sample(of_value("/history")),
    "list_reference_books": plain("/reference-books"),
    "list_reference_entries": Sample(list_entries),
    "add_reference_entry": Sample(add_entry, scoped=False),
    "get_reference_entry": Sample(of_entry()),
    "edit_reference_entry": Sample(edit_entry),
    "list_reference_entry_changes": Sample(of_entry("/history")),
}
