"""Sample calls of the routes of subjects, norms and curricula."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..planning import approved, draft, lines, subject_ids
from ..world import Registry, class_
from .registry import place_organization, plain

_numbers = iter(range(1, 10_000_000))


async def place_class(world: World, place: Place) -> tuple[Registry, UUID]:
    registry = await place_organization(world, place)
    group = class_(f"5-{next(_numbers)}", 25, 5)
    return registry, UUID((await registry.groups(place.organization_id, group))[0]["id"])


async def drafted(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    registry, group_id = await place_class(world, place)
    answer = await draft(registry, place.organization_id, group_id)
    assert answer.status_code == 201, answer.text
    plan: dict[str, Any] = answer.json()
    return registry, plan


def of_plan(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        _, plan = await drafted(world, place)
        return Call(f"/curricula/{plan['id']}{suffix}", {**options, "headers": {"If-Match": '"1"'}})

    return make


async def add_term(_world: World, _place: Place) -> Call:
    body = {"kind": "area", "code": f"p{next(_numbers)}", "title": "Агротехнологии", "source": "Приказ № 1"}
    return Call("/curriculum-terms", {"json": {**body, "valid_from": "2026-09-01"}})


async def edit_term(world: World, _place: Place) -> Call:
    found = await Registry(world.service).fetch("SELECT id, version FROM curriculum_term WHERE code = 'regional'")
    body = {"reason": "Уточнение", "title": f"Региональные курсы {next(_numbers)}"}
    options = {"json": body, "headers": {"If-Match": f'"{found[0]["version"]}"'}}
    return Call(f"/curriculum-terms/{found[0]['id']}", options)


def _subject() -> dict[str, Any]:
    number = next(_numbers)
    return {
        "code": f"c{number}",
        "title": f"Агрокласс {number}",
        "short_title": "Агро",
        "area": "technology",
        "valid_from": "2026-09-01",
    }


async def add_subject(_world: World, _place: Place) -> Call:
    return Call("/subjects", {"json": {**_subject(), "source": "Приказ № 2"}})


async def add_own(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(f"/organizations/{place.organization_id}/subjects", {"json": _subject()})


async def own_subject(world: World, place: Place) -> dict[str, Any]:
    registry = await place_organization(world, place)
    path = f"/organizations/{place.organization_id}/subjects"
    headers = registry.position(place.organization_id, Role.COORDINATOR)
    answer = await registry.service.client.post(path, json=_subject(), headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get_subject(world: World, place: Place) -> Call:
    return Call(f"/subjects/{(await own_subject(world, place))['id']}")


async def list_own(world: World, place: Place) -> Listed:
    subject = await own_subject(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/subjects"), subject["id"])


async def edit_subject(world: World, place: Place) -> Call:
    options = {"json": {"reason": "Уточнение", "short_title": "Агро."}, "headers": {"If-Match": '"1"'}}
    if world.is_of(Role.REGION_ADMIN):
        registry = Registry(world.service)
        subject = (await subject_ids(registry))["kuban"]
        version = await registry.value("SELECT version FROM subject WHERE id = $1", UUID(subject))
        options["json"] = {"reason": "Уточнение", "short_title": f"Кубан. {next(_numbers)}"}
        return Call(f"/subjects/{subject}", {**options, "headers": {"If-Match": f'"{version}"'}})
    return Call(f"/subjects/{(await own_subject(world, place))['id']}", options)


async def add_norm(_world: World, _place: Place) -> Call:
    rows = [{"grade": 1, "week_days": 5, "hours": "20"}]
    body = {"kind": "maximum_load", "valid_from": "2090-09-01", "source": "СанПиН", "maximum_load": rows}
    return Call("/study-norms", {"json": body})


async def draft_curriculum(world: World, place: Place) -> Call:
    registry, _ = await place_class(world, place)
    body = {"academic_year": 2026, "grade": 5, "title": "План", "lines": await lines(registry)}
    return Call(f"/organizations/{place.organization_id}/curricula", {"json": body})


async def copy_curricula(world: World, place: Place) -> Call:
    registry, group_id = await place_class(world, place)
    await approved(registry, place.organization_id, group_id)
    body = {"from_year": 2026, "to_year": 2027}
    return Call(f"/organizations/{place.organization_id}/curricula/copies", {"json": body})


async def list_curricula(world: World, place: Place) -> Listed:
    _, plan = await drafted(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/curricula"), plan["id"])


async def open_edition(world: World, place: Place) -> Call:
    registry, group_id = await place_class(world, place)
    plan = await approved(registry, place.organization_id, group_id)
    return Call(f"/curricula/{plan['id']}/editions")


async def of_class(world: World, place: Place) -> Call:
    registry, group_id = await place_class(world, place)
    await approved(registry, place.organization_id, group_id)
    return Call(f"/groups/{group_id}/curriculum", {"params": {"date": "2026-10-01"}})


_APPROVAL = {"document_number": "15-о", "document_date": "2026-08-28", "in_force_from": "2026-09-01"}

SAMPLES: dict[str, Sample | Listing] = {
    "list_curriculum_terms": plain("/curriculum-terms"),
    "add_curriculum_term": Sample(add_term, scoped=False),
    "edit_curriculum_term": Sample(edit_term, scoped=False),
    "list_subjects": plain("/subjects"),
    "add_subject": Sample(add_subject, scoped=False),
    "get_subject": Sample(get_subject),
    "edit_subject": Sample(edit_subject),
    "list_own_subjects": Listing(list_own, denied=404),
    "add_own_subject": Sample(add_own),
    "list_study_norms": plain("/study-norms"),
    "add_study_norm": Sample(add_norm, scoped=False),
    "list_curricula": Listing(list_curricula, denied=404),
    "draft_curriculum": Sample(draft_curriculum),
    "copy_curricula": Sample(copy_curricula),
    "get_curriculum": Sample(of_plan()),
    "edit_curriculum": Sample(of_plan(json={"title": "План 5 классов"})),
    "check_curriculum": Sample(of_plan("/check")),
    "approve_curriculum": Sample(of_plan("/approval", json=_APPROVAL)),
    "withdraw_curriculum": Sample(of_plan("/withdrawal")),
    "open_curriculum_edition": Sample(open_edition),
    "list_curriculum_changes": Sample(of_plan("/history")),
    "get_class_curriculum": Sample(of_class),
}
