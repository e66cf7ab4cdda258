"""Sample calls of the routes of achievements, portfolios, projects, methodical works and attestation."""

from typing import Any

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..world import Registry
from .registry import NOTHING, PERSONS, of_organization, own_child
from .staff import another_worker, place_worker
from .subgroups import become_worker, led_student

OLYMPIAD = {"kind": "olympiad", "title": "Олимпиада по математике", "level": "region", "held_on": "2026-03-01"}
WORK = {"kind": "lesson", "title": "Урок о дробях", "level": "municipality", "dated_on": "2026-02-01"}
ENTRY = {"section": "works", "title": "Рисунок", "text": "Осень", "shared": True}
_OFFICES = {**dict.fromkeys(BODIES, NOTHING), Role.TEACHER: NOTHING}
_ANYWHERE = dict.fromkeys(Role, frozenset(Target))


async def enter_student(world: World, place: Place) -> Call:
    _, student_id = await led_student(world, place)
    return Call(f"/students/{student_id}/achievements", {"json": OLYMPIAD})


async def enter_worker(world: World, place: Place) -> Call:
    _, hired = await place_worker(world, place)
    return Call(f"/workers/{hired['worker_id']}/achievements", {"json": OLYMPIAD})


async def _stated(registry: Registry, path: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = await registry.service.client.post(path, json=OLYMPIAD, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def of_student(world: World, place: Place) -> Listed:
    registry, student_id = await own_child(world, place)
    path = f"/students/{student_id}/achievements"
    made = await _stated(registry, path, registry.office(place.organization_id))
    return Listed(Call(path), made["id"])


async def of_worker(world: World, place: Place) -> Listed:
    registry, hired = await place_worker(world, place)
    path = f"/workers/{hired['worker_id']}/achievements"
    made = await _stated(registry, path, registry.office(place.organization_id))
    return Listed(Call(path), made["id"])


async def edit_achievement(world: World, place: Place) -> Call:
    registry, student_id = await led_student(world, place)
    made = await _stated(registry, f"/students/{student_id}/achievements", registry.office(place.organization_id))
    options = {"json": {"reason": "Уточнение", "result": "winner"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/achievements/{made['id']}", options)


async def decide_achievement(world: World, place: Place) -> Call:
    registry, student_id = await led_student(world, place)
    made = await _stated(registry, f"/students/{student_id}/achievements", registry.office(place.organization_id))
    await registry.service.fetch("UPDATE achievement SET state = 'stated', decided_by = NULL")
    return Call(
        f"/achievements/{made['id']}/decision", {"json": {"decision": "confirmed"}, "headers": {"If-Match": '"1"'}}
    )


async def my_portfolio(_world: World, _place: Place) -> Call:
    return Call("/me/portfolio")


async def add_to_mine(_world: World, _place: Place) -> Call:
    return Call("/me/portfolio", {"json": ENTRY})


async def edit_entry(world: World, place: Place) -> Call:
    own = place.target is Target.OWN and not world.is_of(Role.PORTAL)
    headers = world.headers(world.role) if own else world.service.tokens.headers(Role.REGION_ADMIN)
    answer = await world.service.client.post("/me/portfolio", json=ENTRY, headers=headers)
    assert answer.status_code == 201, answer.text
    options = {"json": {"title": "Картина"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/portfolio-entries/{answer.json()['id']}", options)


async def add_to_student(world: World, place: Place) -> Call:
    _, student_id = await own_child(world, place)
    return Call(f"/students/{student_id}/portfolio", {"json": ENTRY})


async def _shared(registry: Registry, kind: str, owner_id: Any) -> Any:
    return await registry.value(
        f"INSERT INTO portfolio_entry (id, {kind}_id, section, title, text, shared, recorded_at, recorded_by, reason) "
        "VALUES (gen_random_uuid(), $1, 'works', 'Рисунок', 'Осень', true, now(), 'test', 'Проверка') RETURNING id",
        owner_id,
    )


async def student_portfolio(world: World, place: Place) -> Listed:
    registry, student_id = await own_child(world, place)
    return Listed(Call(f"/students/{student_id}/portfolio"), await _shared(registry, "student", student_id))


async def worker_portfolio(world: World, place: Place) -> Listed:
    registry, hired = await place_worker(world, place)
    entry_id = await _shared(registry, "worker", hired["worker_id"])
    return Listed(Call(f"/workers/{hired['worker_id']}/portfolio"), entry_id)


def a_project(worker_id: Any, student_id: Any) -> dict[str, Any]:
    return {
        "academic_year": 2026,
        "title": "Вода в нашем городе",
        "supervisors": [str(worker_id)],
        "student_authors": [str(student_id)],
    }


async def _people(world: World, place: Place) -> tuple[Registry, Any, Any]:
    registry, student_id = await own_child(world, place)
    _, hired = await place_worker(world, place)
    return registry, hired["worker_id"], student_id


async def start_project(world: World, place: Place) -> Call:
    _, worker_id, student_id = await _people(world, place)
    return Call(f"/organizations/{place.organization_id}/projects", {"json": a_project(worker_id, student_id)})


async def _project(world: World, place: Place) -> tuple[dict[str, Any], Any]:
    registry, worker_id, student_id = await _people(world, place)
    answer = await registry.service.client.post(
        f"/organizations/{place.organization_id}/projects",
        json=a_project(worker_id, student_id),
        headers=registry.office(place.organization_id),
    )
    assert answer.status_code == 201, answer.text
    return answer.json(), student_id


async def list_projects(world: World, place: Place) -> Listed:
    project, _ = await _project(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/projects"), project["id"])


async def list_student_projects(world: World, place: Place) -> Listed:
    project, student_id = await _project(world, place)
    return Listed(Call(f"/students/{student_id}/projects"), project["id"])


async def list_worker_projects(world: World, place: Place) -> Listed:
    project, _ = await _project(world, place)
    supervisor = next(one["person_id"] for one in project["members"] if one["role"] == "supervisor")
    return Listed(Call(f"/workers/{supervisor}/projects"), project["id"])


async def get_project(world: World, place: Place) -> Call:
    return Call(f"/projects/{(await _project(world, place))[0]['id']}")


async def edit_project(world: World, place: Place) -> Call:
    project, _ = await _project(world, place)
    if world.is_of(Role.TEACHER):
        registry = Registry(world.service)
        await become_worker(registry, world.person_id)
        await registry.value(
            "INSERT INTO project_member (id, project_id, role, worker_id, recorded_at, recorded_by, reason) "
            "VALUES (gen_random_uuid(), $1, 'supervisor', $2, now(), 'test', 'Проверка') RETURNING id",
            project["id"],
            world.person_id,
        )
    options = {"json": {"reason": "Начат", "state": "running"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/projects/{project['id']}", options)


async def add_work(world: World, place: Place) -> Call:
    _, hired = await place_worker(world, place)
    return Call(f"/workers/{hired['worker_id']}/methodical-works", {"json": WORK})


async def _work(world: World, place: Place) -> tuple[Any, str]:
    registry, hired = await place_worker(world, place)
    path = f"/workers/{hired['worker_id']}/methodical-works"
    answer = await registry.service.client.post(path, json=WORK, headers=registry.office(place.organization_id))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], path


async def list_works(world: World, place: Place) -> Listed:
    work_id, path = await _work(world, place)
    return Listed(Call(path), work_id)


async def edit_work(world: World, place: Place) -> Call:
    work_id, _ = await _work(world, place)
    return Call(f"/methodical-works/{work_id}", {"json": {"title": "Урок"}, "headers": {"If-Match": '"1"'}})


def planned(place: Place) -> dict[str, Any]:
    return {
        "organization_id": str(place.organization_id),
        "post_code": "teacher",
        "category": "first",
        "planned_on": "2026-12-01",
    }


async def plan(world: World, place: Place) -> Call:
    _, hired = await another_worker(world, place)
    return Call(f"/workers/{hired['worker_id']}/attestations", {"json": planned(place)})


async def _planned(world: World, place: Place) -> tuple[Any, str]:
    registry, hired = await another_worker(world, place)
    path = f"/workers/{hired['worker_id']}/attestations"
    answer = await registry.service.client.post(
        path, json=planned(place), headers=registry.office(place.organization_id)
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], path


async def take_step(world: World, place: Place) -> Call:
    attestation_id, _ = await _planned(world, place)
    options = {"json": {"step": "applied", "on": "2026-09-01"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/attestations/{attestation_id}/steps", options)


async def list_attestations(world: World, place: Place) -> Listed:
    attestation_id, path = await _planned(world, place)
    return Listed(Call(path), attestation_id)


async def list_starts(world: World, place: Place) -> Listed:
    _, hired = await place_worker(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/attestation"), hired["worker_id"])


SAMPLES: dict[str, Sample | Listing] = {
    "enter_student_achievement": Sample(enter_student, visible=PERSONS),
    "enter_worker_achievement": Sample(enter_worker, visible=_OFFICES),
    "list_student_achievements": Listing(of_student, visible=PERSONS, denied=404),
    "list_worker_achievements": Listing(of_worker, visible=dict.fromkeys(PERSONS, NOTHING), denied=404),
    "edit_achievement": Sample(edit_achievement, visible=PERSONS),
    "decide_achievement": Sample(decide_achievement),
    "count_achievements": Sample(of_organization("/achievements")),
    "list_my_portfolio": Sample(my_portfolio, scoped=False),
    "add_to_my_portfolio": Sample(add_to_mine, scoped=False),
    "edit_portfolio_entry": Sample(edit_entry, visible=dict.fromkeys(Role, frozenset({Target.OWN}))),
    "add_to_student_portfolio": Sample(add_to_student, visible=PERSONS),
    "list_student_portfolio": Listing(student_portfolio, visible=PERSONS, denied=404),
    "list_worker_portfolio": Listing(worker_portfolio, visible=dict.fromkeys(PERSONS, NOTHING), denied=404),
    "start_project": Sample(start_project),
    "list_projects": Listing(list_projects, denied=404),
    "list_student_projects": Listing(list_student_projects, visible=PERSONS, denied=404),
    "list_worker_projects": Listing(list_worker_projects, denied=404),
    "get_project": Sample(get_project),
    "edit_project": Sample(edit_project),
    "add_methodical_work": Sample(add_work, visible=_OFFICES),
    "list_methodical_works": Listing(list_works, denied=404),
    "edit_methodical_work": Sample(edit_work, visible=_OFFICES),
    "plan_attestation": Sample(plan, visible=_OFFICES),
    "take_attestation_step": Sample(take_step, visible={role: NOTHING for role in Role if role not in OFFICE}),
    "list_attestations": Listing(list_attestations, visible={Role.TEACHER: NOTHING}, denied=404),
    "list_attestation_starts": Listing(list_starts, key="worker_id", denied=404),
}
