"""Sample calls of the routes of subgroups and groups across classes. A teacher divides no class but the one it leads."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..staffing import hiring
from ..world import Registry
from .registry import own_child, place_group, place_organization

_numbers = iter(range(1, 10_000_000))


def division() -> dict[str, Any]:
    """A division to make, by another language than all before."""
    name = f"Английский язык {next(_numbers)}"
    return {"name": name, "rule": "by_hand", "subgroups": ["Первая", "Вторая"], "valid_from": "2026-09-01"}


async def become_worker(registry: Registry, person_id: UUID) -> None:
    """Let a person have a card like a worker's."""
    await registry.fetch(
        "INSERT INTO worker (id, statistical_id, search_name, last_name, first_name, recorded_at, recorded_by, reason) "
        "VALUES ($1, $1, 'учителева вера', 'Учителева', 'Вера', now(), 'test', 'Проверка') ON CONFLICT DO NOTHING",
        person_id,
    )


async def lead(registry: Registry, world: World, place: Place, group_id: UUID) -> None:
    """Let the caller lead a class of the place."""
    await world.once(f"{group_id} led", place, lambda: _lead(registry, place, group_id, world.person_id))


async def _lead(registry: Registry, place: Place, group_id: UUID, worker_id: UUID) -> None:
    body = hiring(next(_numbers) + 70_000)
    headers = registry.office(place.organization_id)
    hired = (
        await registry.service.client.post(
            f"/organizations/{place.organization_id}/workers", json=body, headers=headers
        )
    ).json()
    appointed = await registry.service.client.post(
        f"/groups/{group_id}/teachers",
        json={"worker_id": hired["worker_id"], "valid_from": "2026-09-01"},
        headers=headers,
    )
    assert appointed.status_code == 201, appointed.text
    await become_worker(registry, worker_id)
    await registry.service.fetch(
        "UPDATE group_teacher SET worker_id = $1, recorded_at = now() WHERE id = $2",
        worker_id,
        UUID(appointed.json()["id"]),
    )


async def led_student(world: World, place: Place) -> tuple[Registry, UUID]:
    """A student of the place, as ``own_child``; at the caller's own place a teacher leads its class."""
    registry, student_id = await own_child(world, place)
    if place.target is Target.OWN and world.is_of(Role.TEACHER):
        group_id = await registry.value(
            "SELECT group_id FROM placement JOIN membership m ON m.id = membership_id WHERE student_id = $1", student_id
        )
        await lead(registry, world, place, group_id)
    return registry, student_id


async def led_class(world: World, place: Place) -> tuple[Registry, UUID]:
    registry, group_id = await place_group(world, place)
    if place.target is Target.OWN and world.is_of(Role.TEACHER):
        await lead(registry, world, place, group_id)
    return registry, group_id


async def place_division(world: World, place: Place) -> tuple[Registry, UUID, dict[str, Any]]:
    registry, group_id = await led_class(world, place)
    answer = await registry.service.client.post(
        f"/groups/{group_id}/divisions", json=division(), headers=registry.office(place.organization_id)
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return registry, group_id, made


async def divide_class(world: World, place: Place) -> Call:
    _, group_id = await led_class(world, place)
    return Call(f"/groups/{group_id}/divisions", {"json": division()})


async def list_divisions(world: World, place: Place) -> Call:
    _, group_id, _ = await place_division(world, place)
    return Call(f"/groups/{group_id}/divisions")


async def edit_division(world: World, place: Place) -> Call:
    _, _, made = await place_division(world, place)
    options = {"json": {"reason": "Уточнение", "name": "Немецкий язык"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/divisions/{made['id']}", options)


async def add_subgroup(world: World, place: Place) -> Call:
    _, _, made = await place_division(world, place)
    return Call(f"/divisions/{made['id']}/subgroups", {"json": {"name": "Третья"}})


async def distribute_students(world: World, place: Place) -> Call:
    registry, group_id, made = await place_division(world, place)
    student = await registry.student(place.organization_id, group_id, next(_numbers) + 80_000)
    moves = [{"student_id": str(student), "subgroup_id": made["subgroups"][0]["id"]}]
    body = {"valid_from": "2026-10-01", "students": moves}
    return Call(f"/divisions/{made['id']}/distribution", {"json": body})


def crossing(name: str) -> dict[str, Any]:
    """A group across classes to open."""
    return {"academic_year": 2026, "kind": "extended_day", "name": name}


async def place_crossing(world: World, place: Place) -> tuple[Registry, UUID]:
    registry = await place_organization(world, place)
    answer = await registry.service.client.post(
        f"/organizations/{place.organization_id}/teaching-groups",
        json=crossing(f"ГПД {next(_numbers)}"),
        headers=registry.office(place.organization_id),
    )
    assert answer.status_code == 201, answer.text
    return registry, UUID(answer.json()["id"])


async def open_teaching_group(world: World, place: Place) -> Call:
    await place_organization(world, place)
    path = f"/organizations/{place.organization_id}/teaching-groups"
    return Call(path, {"json": crossing(f"ГПД {next(_numbers)}")})


async def list_teaching_groups(world: World, place: Place) -> Listed:
    _, group_id = await place_crossing(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/teaching-groups"), group_id)


def of_crossing(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        _, group_id = await place_crossing(world, place)
        return Call(f"/teaching-groups/{group_id}{suffix}")

    return make


async def edit_teaching_group(world: World, place: Place) -> Call:
    _, group_id = await place_crossing(world, place)
    options = {"json": {"reason": "Уточнение", "capacity": 25}, "headers": {"If-Match": '"1"'}}
    return Call(f"/teaching-groups/{group_id}", options)


async def change_members(world: World, place: Place) -> Call:
    registry, group_id = await place_crossing(world, place)
    class_id = await registry.school_class(place.organization_id, f"1-{next(_numbers) + 90_000}")
    student = await registry.student(place.organization_id, class_id, next(_numbers) + 90_000)
    body = {"valid_from": "2026-10-01", "enter": [str(student)]}
    return Call(f"/teaching-groups/{group_id}/members", {"json": body})


SAMPLES: dict[str, Sample | Listing] = {
    "divide_class": Sample(divide_class),
    "list_divisions": Sample(list_divisions),
    "edit_division": Sample(edit_division),
    "add_subgroup": Sample(add_subgroup),
    "distribute_students": Sample(distribute_students),
    "open_teaching_group": Sample(open_teaching_group),
    "list_teaching_groups": Listing(list_teaching_groups, denied=404),
    "get_teaching_group": Sample(of_crossing()),
    "list_teaching_group_changes": Sample(of_crossing("/history")),
    "edit_teaching_group": Sample(edit_teaching_group),
    "change_teaching_group_members": Sample(change_members),
}
