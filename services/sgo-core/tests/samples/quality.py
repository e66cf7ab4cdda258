"""Sample calls of the routes of quality and of sample checks."""

from typing import Any

from asu_contracts.access import BODIES, Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..world import Registry
from .registry import of_organization, place_student, plain
from .subgroups import led_student


async def _measured(world: World, place: Place) -> Registry:
    registry, _ = await place_student(world, place)
    headers = registry.office(place.organization_id)
    path = f"/organizations/{place.organization_id}/quality/measurement"
    answer = await registry.service.client.post(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return registry


async def organization_measured(world: World, place: Place) -> Listed:
    await _measured(world, place)
    return Listed(Call("/quality"), place.organization_id)


async def list_gaps(world: World, place: Place) -> Listed:
    _, card_id = await led_student(world, place)
    await _measured(world, place)
    path = f"/organizations/{place.organization_id}/quality/gaps"
    return Listed(Call(path, {"params": {"card_kind": "student"}}), card_id)


async def _issue(world: World, place: Place) -> Any:
    registry = await _measured(world, place)
    return await registry.value(
        "SELECT id FROM quality_issue WHERE organization_id = $1 AND card_kind = 'organization' LIMIT 1",
        place.organization_id,
    )


async def list_issues(world: World, place: Place) -> Listed:
    issue_id = await _issue(world, place)
    path = f"/organizations/{place.organization_id}/quality/issues"
    return Listed(Call(path, {"params": {"card_kind": "organization"}}), issue_id)


async def explain_issue(world: World, place: Place) -> Call:
    issue_id = await _issue(world, place)
    options = {"json": {"explanation": "Руководитель назначен приказом"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/quality/issues/{issue_id}/explanation", options)


async def list_issue_changes(world: World, place: Place) -> Call:
    return Call(f"/quality/issues/{await _issue(world, place)}/history")


async def get_trend(world: World, place: Place) -> Call:
    await _measured(world, place)
    return Call(f"/organizations/{place.organization_id}/quality/trend", {"params": {"card_kind": "student"}})


async def appoint(world: World, place: Place) -> Call:
    await place_student(world, place)
    options = {"json": {"reason": "Приказ", "term_days": 5}, "headers": {"If-Match": '"0"'}}
    return Call(f"/organizations/{place.organization_id}/quality/duties/student", options)


async def confirm(world: World, place: Place) -> Call:
    await place_student(world, place)
    return Call(f"/organizations/{place.organization_id}/quality/confirmations", {"json": {"remark": "Устраняем"}})


async def list_confirmations(world: World, place: Place) -> Listed:
    registry, _ = await place_student(world, place)
    path = f"/organizations/{place.organization_id}/quality/confirmations"
    headers = registry.position(place.organization_id, Role.HEAD)
    answer = await registry.service.client.post(path, json={"remark": "Устраняем"}, headers=headers)
    assert answer.status_code == 201, answer.text
    return Listed(Call(path), answer.json()["id"])


async def _drawn(world: World, place: Place) -> tuple[Registry, dict[str, Any], dict[str, str]]:
    """A check, and the position that drew it: the caller's if it is a body's, for nobody concludes the check of another body."""
    registry, _ = await place_student(world, place)
    path, body = f"/organizations/{place.organization_id}/sample-checks", {"card_kind": "student", "size": 1}
    headers = world.headers(world.role) if world.is_of(*BODIES) else registry.region
    answer = await registry.service.client.post(path, json=body, headers=headers)
    if answer.status_code == 404:  # out of the body's view
        headers = registry.region
        answer = await registry.service.client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    check: dict[str, Any] = answer.json()
    return registry, check, headers


async def draw_sample(world: World, place: Place) -> Call:
    await place_student(world, place)
    path = f"/organizations/{place.organization_id}/sample-checks"
    return Call(path, {"json": {"card_kind": "student", "size": 1}})


async def list_sample_checks(world: World, place: Place) -> Listed:
    _, check, _ = await _drawn(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/sample-checks"), check["id"])


async def get_sample_check(world: World, place: Place) -> Call:
    _, check, _ = await _drawn(world, place)
    return Call(f"/sample-checks/{check['id']}")


async def judge_card(world: World, place: Place) -> Call:
    _, check, _ = await _drawn(world, place)
    options = {"json": {"verdict": "matches"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/sample-check-items/{check['items'][0]['id']}", options)


async def _judged(world: World, place: Place) -> tuple[Registry, str]:
    registry, check, headers = await _drawn(world, place)
    answer = await registry.service.client.patch(
        f"/sample-check-items/{check['items'][0]['id']}",
        json={"verdict": "matches"},
        headers={**headers, "If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text
    return registry, check["id"]


async def finish_check(world: World, place: Place) -> Call:
    _, check_id = await _judged(world, place)
    options = {"json": {"conclusion": "Соответствует"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/sample-checks/{check_id}/conclusion", options)


async def answer_check(world: World, place: Place) -> Call:
    registry, check_id = await _judged(world, place)
    answer = await registry.service.client.post(
        f"/sample-checks/{check_id}/conclusion",
        json={"conclusion": "Соответствует"},
        headers={**registry.region, "If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text
    return Call(f"/sample-checks/{check_id}/answer", {"json": {"answer": "Принято"}, "headers": {"If-Match": '"2"'}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_quality_rules": plain("/quality/rules"),
    "sum_quality": plain("/quality/sums"),
    "list_quality": Listing(organization_measured, key="organization_id"),
    "get_quality": Sample(of_organization("/quality")),
    "measure_quality": Sample(of_organization("/quality/measurement")),
    "get_quality_trend": Sample(get_trend),
    "list_quality_groups": Sample(of_organization("/quality/groups")),
    "list_gaps": Listing(list_gaps, key="card_id", visible={Role.TEACHER: frozenset({Target.OWN})}, denied=404),
    "list_issues": Listing(list_issues, denied=404),
    "explain_issue": Sample(explain_issue),
    "list_issue_changes": Sample(list_issue_changes),
    "list_duties": Sample(of_organization("/quality/duties")),
    "appoint_duty": Sample(appoint),
    "confirm_quality": Sample(confirm),
    "list_confirmations": Listing(list_confirmations, denied=404),
    "draw_sample": Sample(draw_sample),
    "list_sample_checks": Listing(list_sample_checks, denied=404),
    "get_sample_check": Sample(get_sample_check),
    "judge_card": Sample(judge_card),
    "finish_check": Sample(finish_check),
    "answer_check": Sample(answer_check),
}
