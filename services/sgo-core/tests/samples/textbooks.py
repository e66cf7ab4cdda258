"""Sample calls of the routes of textbooks."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..planning import subject_ids
from ..world import Registry
from .registry import of_organization, place_organization

_numbers = iter(range(1, 10_000_000))
_COPIES = {"kind": "received", "copies": 5, "day": "2026-08-20", "document": "Накладная № 5"}


async def _body(registry: Registry) -> dict[str, Any]:
    return {
        "subject_id": (await subject_ids(registry))["mathematics"],
        "title": f"Математика {next(_numbers)}",
        "authors": "Образцов И. П.",
        "grade_from": 5,
        "grade_to": 6,
    }


async def _added(world: World, place: Place) -> dict[str, Any]:
    registry = await place_organization(world, place)
    path, headers = f"/organizations/{place.organization_id}/textbooks", registry.office(place.organization_id)
    answer = await registry.service.client.post(path, json=await _body(registry), headers=headers)
    assert answer.status_code == 201, answer.text
    textbook: dict[str, Any] = answer.json()
    return textbook


async def add_textbook(world: World, place: Place) -> Call:
    registry = await place_organization(world, place)
    return Call(f"/organizations/{place.organization_id}/textbooks", {"json": await _body(registry)})


async def list_textbooks(world: World, place: Place) -> Listed:
    textbook = await _added(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/textbooks"), textbook["id"])


def of_textbook(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        textbook = await _added(world, place)
        return Call(f"/textbooks/{textbook['id']}{suffix}", {**options, "headers": {"If-Match": '"1"'}})

    return make


SAMPLES: dict[str, Sample | Listing] = {
    "add_textbook": Sample(add_textbook),
    "list_textbooks": Listing(list_textbooks, denied=404),
    "get_textbook_supply": Sample(of_organization("/textbooks/supply?academic_year=2026")),
    "get_textbook": Sample(of_textbook()),
    "edit_textbook": Sample(of_textbook(json={"reason": "Опечатка", "year": 2024})),
    "count_textbook_copies": Sample(of_textbook("/copies", json=_COPIES)),
    "list_textbook_copies": Sample(of_textbook("/copies")),
    "put_textbook_classes": Sample(of_textbook("/classes", json={"academic_year": 2026, "group_ids": []})),
}
