"""Sample calls of the routes of acts on organizations."""

from typing import Any
from uuid import UUID

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry
from .registry import place_organization

_numbers = iter(range(1, 10_000_000))


def renaming(organization_id: UUID) -> dict[str, Any]:
    return {
        "kind": "rename",
        "document_number": str(next(_numbers)),
        "document_date": "2026-08-01",
        "effective_date": "2026-08-15",
        "plan": {"predecessors": [str(organization_id)], "values": {"short_name": "Лицей № 1"}},
    }


async def draft_reorganization(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call("/reorganizations", {"json": renaming(place.organization_id)})


async def drafted(world: World, place: Place) -> tuple[Registry, str]:
    registry = await place_organization(world, place)
    path = "/reorganizations"
    answer = await registry.service.client.post(path, json=renaming(place.organization_id), headers=registry.region)
    assert answer.status_code == 201, answer.text
    act_id: str = answer.json()["id"]
    return registry, act_id


async def confirmed(world: World, place: Place) -> str:
    """An act confirmed at once: another of the same organization would stand in its way."""
    registry, act_id = await drafted(world, place)
    await registry.service.fetch(
        "UPDATE reorganization SET state = 'confirmed', confirmed_by = 'test', version = 2 WHERE id = $1",
        UUID(act_id),
    )
    return act_id


def of_draft(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        _, act_id = await drafted(world, place)
        return Call(f"/reorganizations/{act_id}{suffix}", {**options, "headers": {"If-Match": '"1"'}})

    return make


def of_confirmed(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        act_id = await confirmed(world, place)
        return Call(f"/reorganizations/{act_id}{suffix}", {**options, "headers": {"If-Match": '"2"'}})

    return make


async def list_reorganizations(world: World, place: Place) -> Listed:
    _, act_id = await drafted(world, place)
    return Listed(Call("/reorganizations"), act_id)


SAMPLES: dict[str, Sample | Listing] = {
    "draft_reorganization": Sample(draft_reorganization, denied=422),
    "list_reorganizations": Listing(list_reorganizations),
    "get_reorganization": Sample(of_confirmed()),
    "edit_reorganization": Sample(of_draft(json={"document_number": "8"})),
    "preview_reorganization": Sample(of_confirmed("/preview")),
    "confirm_reorganization": Sample(of_draft("/confirmation")),
    "return_reorganization": Sample(of_confirmed("/return", json={"remark": "Неверная дата"})),
    "withdraw_reorganization": Sample(of_draft("/withdrawal")),
    "execute_reorganization": Sample(of_confirmed("/execution")),
}
