"""Sample calls of the routes of personal files."""

from uuid import UUID

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry
from .registry import place_student

PAPER = {"kind": "application", "title": "Заявление о приёме", "sheets": 2, "received_on": "2026-08-20"}


async def _paper(world: World, place: Place) -> tuple[Registry, UUID, str]:
    registry, student_id = await place_student(world, place)
    answer = await registry.service.client.post(
        f"/students/{student_id}/personal-file", json=PAPER, headers=registry.office(place.organization_id)
    )
    assert answer.status_code == 201, answer.text
    paper_id: str = answer.json()["id"]
    return registry, student_id, paper_id


async def listed(world: World, place: Place) -> Listed:
    _, student_id, paper_id = await _paper(world, place)
    return Listed(Call(f"/students/{student_id}/personal-file"), paper_id)


async def add(world: World, place: Place) -> Call:
    _, student_id = await place_student(world, place)
    return Call(f"/students/{student_id}/personal-file", {"json": PAPER})


async def edit(world: World, place: Place) -> Call:
    _, _, paper_id = await _paper(world, place)
    return Call(f"/personal-file-papers/{paper_id}", {"json": {"sheets": 3}, "headers": {"If-Match": '"1"'}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_personal_file": Listing(listed, denied=404),
    "add_personal_file_paper": Sample(add),
    "edit_personal_file_paper": Sample(edit),
}
