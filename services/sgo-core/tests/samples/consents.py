"""Sample calls of the routes of consents, holds and erasures."""

from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from .registry import NOTHING, SUBJECTS, own_child

_OWN_CHILD = {Role.GUARDIAN: frozenset({Target.OWN}), Role.TEACHER: NOTHING}


async def list_consents(world: World, place: Place) -> Call:
    _, student_id = await own_child(world, place)
    return Call("/consents", {"params": {"subject_kind": "student", "subject_id": str(student_id)}})


async def print_consent_form(world: World, place: Place) -> Call:
    _, student_id = await own_child(world, place)
    params = {
        "subject_kind": "student",
        "subject_id": str(student_id),
        "organization_id": str(place.organization_id),
    }
    return Call("/consent-forms", {"params": params})


async def give_consent(world: World, place: Place) -> Call:
    registry, student_id = await own_child(world, place)
    guardian = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1 LIMIT 1", student_id)
    body = {
        "subject_kind": "student",
        "subject_id": str(student_id),
        "organization_id": str(place.organization_id),
        "purposes": ["contingent"],
        "given_by": str(guardian),
    }
    return Call("/consents", {"json": body})


async def withdraw_consent(world: World, place: Place) -> Call:
    registry, student_id = await own_child(world, place)
    given = await registry.consent(place.organization_id, student_id)
    options = {"json": {"reason": "Передумали"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/consents/{given['id']}/withdrawal", options)


def _hold(student_id: UUID) -> dict[str, str]:
    return {
        "subject_kind": "student",
        "subject_id": str(student_id),
        "document": "Запрос суда № 5",
        "reason": "Идёт разбирательство",
    }


async def place_hold(world: World, place: Place) -> Call:
    _, student_id = await own_child(world, place)
    return Call("/legal-holds", {"json": _hold(student_id)})


async def _held(world: World, place: Place) -> str:
    registry, student_id = await own_child(world, place)
    headers = registry.office(place.organization_id)
    answer = await registry.service.client.post("/legal-holds", json=_hold(student_id), headers=headers)
    assert answer.status_code == 201, answer.text
    hold_id: str = answer.json()["id"]
    return hold_id


async def lift_hold(world: World, place: Place) -> Call:
    hold_id = await _held(world, place)
    return Call(f"/legal-holds/{hold_id}/lifting", {"json": {"reason": "Дело закрыто"}, "headers": {"If-Match": '"1"'}})


async def list_holds(world: World, place: Place) -> Listed:
    hold_id = await _held(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/legal-holds"), hold_id)


async def list_erasures(world: World, place: Place) -> Listed:
    registry, student_id = await own_child(world, place)
    given = await registry.consent(place.organization_id, student_id)
    headers = {**registry.office(place.organization_id), "If-Match": '"1"'}
    path = f"/consents/{given['id']}/withdrawal"
    answer = await registry.service.client.post(path, json={"reason": "Передумали"}, headers=headers)
    assert answer.status_code == 200, answer.text
    erasure_id = await registry.value("SELECT id FROM erasure WHERE subject_id = $1", student_id)
    return Listed(Call(f"/organizations/{place.organization_id}/erasures"), erasure_id)


SAMPLES: dict[str, Sample | Listing] = {
    "list_consents": Sample(list_consents, visible=SUBJECTS),
    "print_consent_form": Sample(print_consent_form, visible=SUBJECTS),
    "give_consent": Sample(give_consent, visible=_OWN_CHILD),
    "withdraw_consent": Sample(withdraw_consent, visible=_OWN_CHILD),
    "place_hold": Sample(place_hold),
    "lift_hold": Sample(lift_hold),
    "list_holds": Listing(list_holds, denied=404),
    "list_erasures": Listing(list_erasures, denied=404),
}
