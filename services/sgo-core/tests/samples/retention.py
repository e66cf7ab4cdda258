"""Sample calls of the routes of terms of keeping and destruction acts."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..consenting import PHONE, edit
from ..world import Registry
from .registry import another_student

ACT: dict[str, Any] = {
    "date": "2026-11-01",
    "commission": [
        {"name": "Образцова М. И.", "post": "Заместитель директора"},
        {"name": "Примерова А. А.", "post": "Секретарь"},
    ],
}
_numbers = iter(range(1, 10_000_000))


async def leaver(registry: Registry, organization_id: UUID, student_id: UUID, day: str = "2026-09-05") -> None:
    """Let a student leave with a phone that rested on consent alone, long enough ago for it to be due."""
    await registry.consent(organization_id, student_id)
    stored = await edit(registry, organization_id, student_id, PHONE)
    assert stored.status_code == 200, stored.text
    line = {"student_id": str(student_id), "kind": "departed", "effective_date": day, "reason": "parents_wish"}
    left = await registry.order(organization_id, line, number=f"у-{next(_numbers)}")
    assert left.status_code == 200, left.text


async def due(world: World, place: Place) -> tuple[Registry, UUID]:
    registry, student_id = await another_student(world, place)
    await leaver(registry, place.organization_id, student_id)
    return registry, student_id


async def list_due(world: World, place: Place) -> Listed:
    _, student_id = await due(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/retention"), f"student:{student_id}")


async def draft_destruction_act(world: World, place: Place) -> Call:
    await due(world, place)
    body = {**ACT, "number": str(next(_numbers))}
    return Call(f"/organizations/{place.organization_id}/destruction-acts", {"json": body})


async def drafted(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    """A draft that samples share: a call's changes are taken back after it."""
    return await world.once("destruction act", place, lambda: _drafted(world, place))


async def _drafted(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    call = await draft_destruction_act(world, place)
    registry = Registry(world.service)
    headers = registry.position(place.organization_id, Role.SECRETARY)
    answer = await registry.service.client.post(call.path, headers=headers, **call.options)
    assert answer.status_code == 201, answer.text
    act: dict[str, Any] = answer.json()
    return registry, act


def of_draft(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        _, act = await drafted(world, place)
        return Call(f"/destruction-acts/{act['id']}{suffix}", {**options, "headers": {"If-Match": '"1"'}})

    return make


async def _checked(world: World, place: Place) -> tuple[Registry, str, str]:
    registry, act = await _drafted(world, place)
    path = f"/destruction-acts/{act['id']}"
    headers = {**registry.position(place.organization_id, Role.COORDINATOR), "If-Match": '"1"'}
    checked = await registry.service.client.post(f"{path}/check", headers=headers)
    assert checked.status_code == 200, checked.text
    return registry, path, checked.headers["ETag"]


async def approve_destruction_act(world: World, place: Place) -> Call:
    _, path, version = await _checked(world, place)
    return Call(f"{path}/approval", {"headers": {"If-Match": version}})


async def execute_destruction_act(world: World, place: Place) -> Call:
    registry, path, version = await _checked(world, place)
    headers = {**registry.position(place.organization_id, Role.HEAD), "If-Match": version}
    approved = await registry.service.client.post(f"{path}/approval", headers=headers)
    assert approved.status_code == 200, approved.text
    return Call(f"{path}/execution")


async def list_destruction_acts(world: World, place: Place) -> Listed:
    _, act = await drafted(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/destruction-acts"), act["id"])


SAMPLES: dict[str, Sample | Listing] = {
    "list_due": Listing(list_due, key="key", denied=404),
    "draft_destruction_act": Sample(draft_destruction_act),
    "list_destruction_acts": Listing(list_destruction_acts, denied=404),
    "get_destruction_act": Sample(of_draft()),
    "list_destruction_lines": Sample(of_draft("/lines")),
    "print_destruction_act": Sample(of_draft("/document")),
    "check_destruction_act": Sample(of_draft("/check")),
    "withdraw_destruction_act": Sample(of_draft("/withdrawal", json={"remark": "Не тот состав"})),
    "approve_destruction_act": Sample(approve_destruction_act),
    "execute_destruction_act": Sample(execute_destruction_act),
}
