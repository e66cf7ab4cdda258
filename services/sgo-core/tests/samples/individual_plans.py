"""Sample calls of the routes of individual plans."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..planning import approved
from ..world import Registry
from .curricula import place_class
from .registry import PERSONS, become_guardian, become_student

_numbers = iter(range(300_000, 10_000_000))
_APPROVAL = {"document_number": "3-и", "document_date": "2026-08-30", "in_force_from": "2026-09-01"}


async def _student(world: World, place: Place) -> tuple[Registry, UUID, dict[str, Any]]:
    registry, group_id = await place_class(world, place)
    curriculum = await approved(registry, place.organization_id, group_id)
    student_id = await registry.student(place.organization_id, group_id, next(_numbers))
    return (
        registry,
        student_id,
        {"curriculum_id": curriculum["id"], "chosen": [one["id"] for one in curriculum["lines"]]},
    )


async def _drafted(world: World, place: Place) -> tuple[Registry, UUID, dict[str, Any]]:
    registry, student_id, body = await _student(world, place)
    answer = await registry.service.client.post(
        f"/students/{student_id}/individual-plans",
        json=body,
        headers=registry.position(place.organization_id, Role.COORDINATOR),
    )
    assert answer.status_code == 201, answer.text
    plan: dict[str, Any] = answer.json()
    return registry, student_id, plan


async def draft_plan(world: World, place: Place) -> Call:
    _, student_id, body = await _student(world, place)
    return Call(f"/students/{student_id}/individual-plans", {"json": body})


async def list_of_student(world: World, place: Place) -> Call:
    registry, student_id, _ = await _drafted(world, place)
    if place.target is Target.OWN and world.is_of(Role.GUARDIAN):
        await become_guardian(registry, student_id, world.person_id)
    if place.target is Target.OWN and world.is_of(Role.STUDENT):
        await become_student(registry, student_id, world.person_id)
        student_id = world.person_id
    return Call(f"/students/{student_id}/individual-plans")


async def list_plans(world: World, place: Place) -> Listed:
    _, _, plan = await _drafted(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/individual-plans"), plan["id"])


def of_plan(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        _, _, plan = await _drafted(world, place)
        return Call(f"/individual-plans/{plan['id']}{suffix}", {**options, "headers": {"If-Match": '"1"'}})

    return make


SAMPLES: dict[str, Sample | Listing] = {
    "draft_individual_plan": Sample(draft_plan),
    "list_student_plans": Sample(list_of_student, visible=PERSONS),
    "list_individual_plans": Listing(list_plans, denied=404),
    "get_individual_plan": Sample(of_plan()),
    "edit_individual_plan": Sample(of_plan(json={"electives": []})),
    "check_individual_plan": Sample(of_plan("/check")),
    "approve_individual_plan": Sample(of_plan("/approval", json=_APPROVAL)),
    "withdraw_individual_plan": Sample(of_plan("/withdrawal")),
}
