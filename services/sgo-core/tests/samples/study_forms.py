"""Sample calls of the routes of forms of study."""

from typing import Any
from uuid import UUID

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry
from .registry import PERSONS, another_student, of_student

AT_HOME = {
    "kind": "at_home",
    "basis": "Заключение врачебной комиссии № 5",
    "order_number": "17-у",
    "order_date": "2026-09-28",
    "valid_from": "2026-10-01",
}


async def place_form(world: World, place: Place) -> tuple[Registry, UUID, dict[str, Any]]:
    registry, student_id = await another_student(world, place)
    answer = await registry.service.client.post(
        f"/students/{student_id}/study-forms", json=AT_HOME, headers=registry.office(place.organization_id)
    )
    assert answer.status_code == 201, answer.text
    form: dict[str, Any] = answer.json()
    return registry, student_id, form


async def record_study_form(world: World, place: Place) -> Call:
    _, student_id = await another_student(world, place)
    return Call(f"/students/{student_id}/study-forms", {"json": AT_HOME})


async def edit_study_form(world: World, place: Place) -> Call:
    _, _, form = await place_form(world, place)
    options = {"json": {"reason": "Выздоровление", "valid_to": "2026-12-01"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/study-forms/{form['id']}", options)


async def list_study_forms(world: World, place: Place) -> Listed:
    _, _, form = await place_form(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/study-forms?date=2026-10-05"), form["id"])


SAMPLES: dict[str, Sample | Listing] = {
    "record_study_form": Sample(record_study_form),
    "list_student_study_forms": Sample(of_student("/study-forms"), visible=PERSONS),
    "list_study_form_changes": Sample(of_student("/study-forms/history"), visible=PERSONS),
    "list_study_forms": Listing(list_study_forms, denied=404),
    "edit_study_form": Sample(edit_study_form),
}
