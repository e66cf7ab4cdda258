"""Sample calls of the routes of the subject's rights."""

from uuid import UUID

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from .registry import PERSONS, SUBJECTS, own_child, place_student, plain


async def get_extract(world: World, place: Place) -> Call:
    _, student_id = await own_child(world, place)
    return Call("/extracts", {"params": {"subject_kind": "student", "subject_id": str(student_id)}})


def asking(place: Place, student_id: UUID, **changes: object) -> dict[str, object]:
    return {
        "subject_kind": "student",
        "subject_id": str(student_id),
        "organization_id": str(place.organization_id),
        "kind": "correction",
        "fields": ["native_language"],
        "text": "Родной язык указан неверно",
        **changes,
    }


async def ask_operator(world: World, place: Place) -> Call:
    _, student_id = await own_child(world, place)
    return Call("/subject-requests", {"json": asking(place, student_id)})


async def _asked(world: World, place: Place) -> str:
    registry, student_id = await own_child(world, place)
    body = asking(place, student_id, kind="access", fields=[])
    headers = registry.office(place.organization_id)
    if place.target is Target.OWN and world.is_of(*PERSONS):
        headers = world.headers(world.role)
    answer = await registry.service.client.post("/subject-requests", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    request_id: str = answer.json()["id"]
    return request_id


async def get_request(world: World, place: Place) -> Call:
    return Call(f"/subject-requests/{await _asked(world, place)}")


async def list_requests(world: World, place: Place) -> Listed:
    request_id = await _asked(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/subject-requests"), request_id)


async def list_mine(world: World, place: Place) -> Listed:
    return Listed(Call("/me/subject-requests"), await _asked(world, place))


async def extend_term(world: World, place: Place) -> Call:
    options = {"json": {"reason": "Нужно запросить архив"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/subject-requests/{await _asked(world, place)}/extension", options)


async def answer_request(world: World, place: Place) -> Call:
    options = {"json": {"decision": "granted", "text": "Исправлено"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/subject-requests/{await _asked(world, place)}/answer", options)


async def unblock_fields(world: World, place: Place) -> Call:
    registry, student_id = await place_student(world, place)
    headers = registry.office(place.organization_id)
    body = asking(place, student_id, kind="blocking", fields=["native_language", "mobile_phone"])
    made = (await registry.service.client.post("/subject-requests", json=body, headers=headers)).json()
    path = f"/subject-requests/{made['id']}"
    decision = {"decision": "granted", "text": "Заблокировано"}
    answer = await registry.service.client.post(f"{path}/answer", json=decision, headers={**headers, "If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    return Call(f"{path}/unblocking", {"json": {"reason": "Спор решён"}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_my_cards": plain("/me/cards"),
    "get_extract": Sample(get_extract, visible=SUBJECTS),
    "ask_operator": Sample(ask_operator, visible=SUBJECTS),
    "get_subject_request": Sample(get_request, visible=SUBJECTS),
    "list_my_requests": Listing(list_mine, visible=SUBJECTS),
    "list_subject_requests": Listing(list_requests, denied=404),
    "extend_term": Sample(extend_term),
    "answer_request": Sample(answer_request),
    "unblock_fields": Sample(unblock_fields),
}
