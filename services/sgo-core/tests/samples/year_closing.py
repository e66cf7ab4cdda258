"""Sample calls of the routes of the closing of a year."""

from datetime import date
from itertools import cycle
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry, class_
from .registry import place_organization, plain

_years = cycle(range(2001, 2025))
_numbers = iter(range(700_000, 999_999))


async def past_student(world: World, place: Place) -> tuple[Registry, int, UUID, UUID]:
    """A student in a class of a past year: year, class, student."""
    registry, year = await place_organization(world, place), next(_years)
    (group,) = await registry.groups(place.organization_id, {**class_(f"5-{next(_numbers)}"), "grade": 5}, year=year)
    day = date(year, 10, 1)
    student_id = await registry.student(
        place.organization_id,
        UUID(group["id"]),
        next(_numbers),
        effective_date=day,
        child_birth_date=date(year - 11, 3, 1),
    )
    return registry, year, UUID(group["id"]), student_id


async def prepared(world: World, place: Place) -> tuple[Registry, dict[str, Any], UUID, UUID]:
    """A draft of a closing: the closing, the class, the student."""
    registry, year, group_id, student_id = await past_student(world, place)
    answer = await registry.service.client.post(
        f"/organizations/{place.organization_id}/year-closings",
        json={"academic_year": year},
        headers=registry.position(place.organization_id, Role.COORDINATOR),
    )
    assert answer.status_code == 201, answer.text
    closing: dict[str, Any] = answer.json()
    return registry, closing, group_id, student_id


def of_closing(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        _, closing, _, _ = await prepared(world, place)
        headers = {"If-Match": f'"{closing["version"]}"'}
        return Call(f"/year-closings/{closing['id']}{suffix}", {**options, "headers": headers})

    return make


def of_closed(suffix: str, *, asked: bool = False, **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        registry, closing, _, _ = await prepared(world, place)
        steps = [
            "state = 'closing', coordinator_by = 'a', administrator_by = 'b'",
            "state = 'closed', closed_at = now()",
        ]
        if asked:
            steps.append("reversal_orders = '{}'")
        for step in steps:
            await registry.fetch(f"UPDATE year_closing SET {step} WHERE id = $1", UUID(closing["id"]))
        headers = {"If-Match": f'"{closing["version"]}"'}
        return Call(f"/year-closings/{closing['id']}{suffix}", {**options, "headers": headers})

    return make


async def prepare(world: World, place: Place) -> Call:
    _, year, _, _ = await past_student(world, place)
    return Call(f"/organizations/{place.organization_id}/year-closings", {"json": {"academic_year": year}})


async def list_closings(world: World, place: Place) -> Listed:
    _, closing, _, _ = await prepared(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/year-closings"), closing["id"])


async def list_outcomes(world: World, place: Place) -> Listed:
    _, closing, _, student_id = await prepared(world, place)
    return Listed(Call(f"/year-closings/{closing['id']}/outcomes"), str(student_id))


async def decide_one(world: World, place: Place) -> Call:
    _, closing, _, student_id = await prepared(world, place)
    body = {"outcome": "repeated", "basis": "commission"}
    return Call(f"/year-closings/{closing['id']}/outcomes/{student_id}", {"json": body, "headers": {"If-Match": '"1"'}})


async def decide_many(world: World, place: Place) -> Call:
    _, closing, group_id, _ = await prepared(world, place)
    body = {"from_group_id": str(group_id), "decision": {"outcome": "repeated", "basis": "commission"}}
    return Call(f"/year-closings/{closing['id']}/decisions", {"json": body})


async def open_classes(world: World, place: Place) -> Call:
    _, closing, group_id, _ = await prepared(world, place)
    options = {
        "json": {"items": [{"from_group_id": str(group_id)}]},
        "headers": {"If-Match": f'"{closing["version"]}"'},
    }
    return Call(f"/year-closings/{closing['id']}/next-classes", options)


async def confirm(world: World, place: Place) -> Call:
    registry, closing, _, _ = await prepared(world, place)
    headers = registry.position(place.organization_id, Role.COORDINATOR)
    client, path = registry.service.client, f"/year-closings/{closing['id']}"
    opened = await client.post(
        f"{path}/next-classes",
        json={
            "items": [
                {
                    "from_group_id": (await client.get(f"{path}/next-classes", headers=headers)).json()["items"][0][
                        "from_group_id"
                    ]
                }
            ]
        },
        headers={**headers, "If-Match": f'"{closing["version"]}"'},
    )
    assert opened.status_code == 200, opened.text
    body = {"orders": {"promotion": {"number": str(next(_numbers)), "date": "2020-06-25"}}}
    edited = await client.patch(path, json=body, headers={**headers, "If-Match": opened.headers["ETag"]})
    assert edited.status_code == 200, edited.text
    return Call(f"{path}/confirmation", {"headers": {"If-Match": edited.headers["ETag"]}})


async def enter_results(world: World, place: Place) -> Call:
    _, year, _, student_id = await past_student(world, place)
    body = {"academic_year": year, "items": [{"student_id": str(student_id), "subject": "Физика", "annual": "5"}]}
    return Call(f"/organizations/{place.organization_id}/year-results", {"json": body})


async def list_results(world: World, place: Place) -> Listed:
    registry, year, _, student_id = await past_student(world, place)
    body = {"academic_year": year, "items": [{"student_id": str(student_id), "subject": "Физика", "annual": "5"}]}
    path = f"/organizations/{place.organization_id}/year-results"
    entered = await registry.service.client.put(path, json=body, headers=registry.office(place.organization_id))
    assert entered.status_code == 200, entered.text
    found = await registry.value("SELECT id FROM year_result WHERE student_id = $1", student_id)
    return Listed(Call(path, {"params": {"academic_year": year}}), str(found))


_REVERSAL = {"orders": {"promotion": {"number": "5", "date": "2020-06-27"}}, "reason": "Ошибка"}

SAMPLES: dict[str, Sample | Listing] = {
    "list_year_references": plain("/year-closing-references"),
    "prepare_year_closing": Sample(prepare),
    "list_year_closings": Listing(list_closings, denied=404),
    "get_year_closing": Sample(of_closing()),
    "edit_year_closing": Sample(of_closing(json={"graduated_on": "2020-06-26"})),
    "refresh_year_closing": Sample(of_closing("/refresh")),
    "get_year_summary": Sample(of_closing("/summary")),
    "list_year_outcomes": Listing(list_outcomes, key="student_id", denied=404),
    "decide_year_outcome": Sample(decide_one),
    "decide_year_outcomes": Sample(decide_many),
    "list_next_classes": Sample(of_closing("/next-classes")),
    "open_next_classes": Sample(open_classes),
    "confirm_year_closing": Sample(confirm),
    "ask_year_reversal": Sample(of_closed("/reversal", json=_REVERSAL)),
    "confirm_year_reversal": Sample(of_closed("/reversal/confirmation", asked=True)),
    "open_next_year": Sample(of_closed("/opening")),
    "list_year_results": Listing(list_results, denied=404),
    "enter_year_results": Sample(enter_results),
}
