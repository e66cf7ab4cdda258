"""Sample calls of the routes of buildings."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .registry import place_organization

BUILDING: dict[str, Any] = {
    "name": "Корпус № 2",
    "purpose": "academic",
    "address": {"text": "г. Образцовск, ул. Примерная, д. 2"},
    "area": "1250.50",
    "capacity": 550,
    "built_in": 1978,
    "tenure": "operational",
    "accessibility": "partial",
    "used_from": "2020-09-01",
}


async def enter_building(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(f"/organizations/{place.organization_id}/buildings", {"json": BUILDING})


async def entered(world: World, place: Place) -> str:
    registry = await place_organization(world, place)
    path = f"/organizations/{place.organization_id}/buildings"
    answer = await registry.service.client.post(path, json=BUILDING, headers=registry.region)
    assert answer.status_code == 201, answer.text
    building_id: str = answer.json()["id"]
    return building_id


def of_building(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        return Call(f"/buildings/{await entered(world, place)}{suffix}", options)

    return make


async def list_buildings(world: World, place: Place) -> Listed:
    building_id = await entered(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/buildings"), building_id)


_PATCH = {"reason": "Капитальный ремонт", "capacity": 600}

SAMPLES: dict[str, Sample | Listing] = {
    "enter_building": Sample(enter_building),
    "list_buildings": Listing(list_buildings, denied=404),
    "get_building": Sample(of_building()),
    "edit_building": Sample(of_building(json=_PATCH, headers={"If-Match": '"1"'})),
    "list_building_changes": Sample(of_building("/history")),
}
