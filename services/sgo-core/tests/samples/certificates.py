"""Sample calls of the routes of certificates."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry
from .year_closing import past_student

_blanks = iter(range(10**13, 10**13 + 10**6))
_ORDER = {"number": "1", "date": "2020-06-26"}


async def noted(world: World, place: Place) -> tuple[Registry, int, UUID, dict[str, Any]]:
    """A note of study in draft: year, student, the certificate."""
    registry, year, _, student_id = await past_student(world, place)
    headers = registry.position(place.organization_id, Role.SECRETARY)
    path = f"/organizations/{place.organization_id}/certificates"
    body = {"academic_year": year, "kind": "study_note", "order": _ORDER, "student_ids": [str(student_id)]}
    made = await registry.service.client.post(path, json=body, headers=headers)
    assert made.status_code == 201, made.text
    found = await registry.fetch("SELECT id, version FROM certificate WHERE student_id = $1", student_id)
    return registry, year, student_id, {"id": str(found[0]["id"]), "version": found[0]["version"]}


_REGISTERED = "state = 'registered', registered_on = '2020-06-28', kind = 'basic', blank = '{blank}'"
_HANDED = "state = 'handed', handed_on = '2020-06-30', handed_to = 'graduate'"
_SENT = "federal_state = 'sent'"


def of_certificate(suffix: str = "", *steps: str, **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        registry, _, _, one = await noted(world, place)
        for step in steps:
            made = step.format(blank=next(_blanks))
            await registry.fetch(f"UPDATE certificate SET {made} WHERE id = $1", UUID(one["id"]))
        headers = {"If-Match": f'"{one["version"]}"'}
        return Call(f"/certificates/{one['id']}{suffix}", {**options, "headers": headers})

    return make


async def draft(world: World, place: Place) -> Call:
    _, year, _, student_id = await past_student(world, place)
    body = {"academic_year": year, "kind": "study_note", "order": _ORDER, "student_ids": [str(student_id)]}
    return Call(f"/organizations/{place.organization_id}/certificates", {"json": body})


async def listed(world: World, place: Place) -> Listed:
    _, _, _, one = await noted(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/certificates"), one["id"])


async def book(world: World, place: Place) -> Call:
    await noted(world, place)
    return Call(f"/organizations/{place.organization_id}/certificate-book", {"params": {"kind": "study_note"}})


async def federal(world: World, place: Place) -> Call:
    registry, year, _, one = await noted(world, place)
    made = _REGISTERED.format(blank=next(_blanks))
    await registry.fetch(f"UPDATE certificate SET {made} WHERE id = $1", UUID(one["id"]))
    return Call(f"/organizations/{place.organization_id}/federal-register-files", {"json": {"academic_year": year}})


async def spoilt(world: World, place: Place) -> Call:
    registry, _, _, one = await noted(world, place)
    blank = str(next(_blanks))
    await registry.fetch(f"UPDATE certificate SET {_REGISTERED.format(blank=blank)} WHERE id = $1", UUID(one["id"]))
    await registry.fetch(
        "INSERT INTO certificate_blank (number, organization_id, certificate_id, used_on, used_by) "
        "SELECT blank, organization_id, id, registered_on, 'test' FROM certificate WHERE id = $1",
        UUID(one["id"]),
    )
    body = {"blank": str(next(_blanks)), "reason": "Ошибка печати", "act": "Акт № 1"}
    options = {"json": body, "headers": {"If-Match": f'"{one["version"]}"'}}
    return Call(f"/certificates/{one['id']}/spoilt-blank", options)


SAMPLES: dict[str, Sample | Listing] = {
    "draft_certificates": Sample(draft),
    "list_certificates": Listing(listed, denied=404),
    "print_certificate_book": Sample(book),
    "make_federal_file": Sample(federal),
    "get_certificate": Sample(of_certificate()),
    "print_education_certificate": Sample(of_certificate("/certificate.pdf")),
    "edit_certificate": Sample(of_certificate(json={"marks": [{"subject": "Физика", "mark": "5"}]})),
    "withdraw_certificate": Sample(of_certificate("/withdrawal")),
    "register_certificate": Sample(of_certificate("/registration", json={"registered_on": "2020-06-28"})),
    "replace_spoilt_blank": Sample(spoilt),
    "hand_certificate": Sample(
        of_certificate("/handing", _REGISTERED, json={"handed_on": "2020-06-30", "handed_to": "graduate"})
    ),
    "draft_duplicate": Sample(
        of_certificate("/duplicate", _REGISTERED, _HANDED, json={"reason": "Утрата", "order": _ORDER})
    ),
    "note_federal_answer": Sample(of_certificate("/federal-answer", _REGISTERED, _SENT, json={"state": "accepted"})),
}
