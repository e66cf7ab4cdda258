"""Sample calls of the routes of orders."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import FIRST_DAY, Registry
from .registry import another_student, plain

_numbers = iter(range(1, 10_000_000))


def _departure(student_id: UUID) -> dict[str, Any]:
    return {
        "student_id": str(student_id),
        "kind": "departed",
        "effective_date": FIRST_DAY.isoformat(),
        "reason": "parents_wish",
    }


async def draft_order(world: World, place: Place) -> Call:
    _, student_id = await another_student(world, place)
    body = {"number": str(next(_numbers)), "date": "2026-09-01", "movements": [_departure(student_id)]}
    return Call(f"/organizations/{place.organization_id}/orders", {"json": body})


async def drafted(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    registry, student_id = await another_student(world, place)
    answer = await registry.draft(place.organization_id, _departure(student_id), number=str(next(_numbers)))
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return registry, order


def of_draft(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        _, order = await drafted(world, place)
        return Call(f"/orders/{order['id']}{suffix}", {**options, "headers": {"If-Match": '"1"'}})

    return make


async def checked(world: World, place: Place) -> tuple[Registry, str, str]:
    """A checked order: its path and its ETag."""
    registry, order = await drafted(world, place)
    path = f"/orders/{order['id']}"
    headers = {**registry.position(place.organization_id, Role.COORDINATOR), "If-Match": '"1"'}
    answer = await registry.service.client.post(f"{path}/check", headers=headers)
    assert answer.status_code == 200, answer.text
    return registry, path, answer.headers["ETag"]


async def sign_order(world: World, place: Place) -> Call:
    _, path, etag = await checked(world, place)
    return Call(f"{path}/signature", {"headers": {"If-Match": etag}})


async def cancel_order(world: World, place: Place) -> Call:
    registry, order = await drafted(world, place)
    signed = await registry.sign(place.organization_id, order)
    assert signed.status_code == 200, signed.text
    body = {"number": str(next(_numbers)), "date": "2026-09-02", "reason": "Ошибка"}
    return Call(f"/orders/{order['id']}/cancellation", {"json": body})


async def list_orders(world: World, place: Place) -> Listed:
    _, order = await drafted(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/orders"), order["id"])


SAMPLES: dict[str, Sample | Listing] = {
    "list_departure_reasons": plain("/departure-reasons"),
    "draft_order": Sample(draft_order),
    "list_orders": Listing(list_orders, denied=404),
    "get_order": Sample(of_draft()),
    "edit_order": Sample(of_draft(json={"number": "8"})),
    "check_order": Sample(of_draft("/check")),
    "return_order": Sample(of_draft("/return", json={"remark": "Нет основания"})),
    "withdraw_order": Sample(of_draft("/withdrawal")),
    "sign_order": Sample(sign_order),
    "cancel_order": Sample(cancel_order),
}
