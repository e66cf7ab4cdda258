"""Sample calls of the courses' routes."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import YEAR, School, guardianship, hear
from ..homework.room import uploaded
from ..homework.samples import FAMILY, enrol_caller
from ..places import school_of
from .library import a_course, item_ids, published, section, text

ITSELF = {Role.STUDENT: frozenset({Target.OWN})}


async def ready(world: World, place: Place) -> tuple[School, dict[str, Any]]:
    """A course of the caller's, where the caller is a teacher."""
    school = await school_of(world, place)
    return school, await a_course(school, section(None, text("Лес")))


async def listed(world: World, place: Place) -> Listed:
    _, course = await ready(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/courses"), course["id"])


async def create(world: World, place: Place) -> Call:
    await school_of(world, place)
    body = {"academic_year": YEAR, "title": "Лес"}
    return Call(f"/organizations/{place.organization_id}/courses", {"json": body})


async def read(world: World, place: Place) -> Call:
    _, course = await ready(world, place)
    return Call(f"/courses/{course['id']}")


def changing(method: str, **body: Any) -> Sample:
    async def sample(world: World, place: Place) -> Call:
        _, course = await ready(world, place)
        return Call(f"/courses/{course['id']}{method}", {"json": body, "headers": {"If-Match": '"2"'}})

    return Sample(sample)


async def bind(world: World, place: Place) -> Call:
    school, course = await ready(world, place)
    body = {"journal_ids": [str(await school.journal())]}
    return Call(f"/courses/{course['id']}/journals", {"json": body, "headers": {"If-Match": '"2"'}})


async def progress(world: World, place: Place) -> Call:
    school, course = await ready(world, place)
    await published(school, course)
    return Call(f"/courses/{course['id']}/progress", {"params": {"journal_id": str(await school.journal())}})


async def file(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    upload = await uploaded(school, school.teacher)
    course = await a_course(school, section(None, {"kind": "file", "title": "Лист", "file_id": upload}))
    return Call(f"/courses/{course['id']}/files/{upload}")


async def studied(world: World, place: Place) -> tuple[UUID, dict[str, Any], str]:
    """A published course of a student, the caller or the caller's child at the own place; its file."""
    school = await school_of(world, place)
    [other] = await school.enrol("Образцова")
    own = place.target is Target.OWN
    child = world.person_id if own and world.is_of(Role.STUDENT) else other
    if child != other:
        await enrol_caller(school, child)
    await hear(world.service, guardianship(world.person_id if own else new_id(), child))
    office = school.admin
    upload = await uploaded(school, office)
    item = {"kind": "file", "title": "Лист", "file_id": upload}
    course = await a_course(school, section(None, item), headers=office)
    return child, await published(school, course, headers=office), upload


async def list_studied(world: World, place: Place) -> Listed:
    child, course, _ = await studied(world, place)
    return Listed(Call(f"/students/{child}/courses"), course["id"])


async def read_studied(world: World, place: Place) -> Call:
    child, course, _ = await studied(world, place)
    return Call(f"/students/{child}/courses/{course['id']}")


async def done(world: World, place: Place) -> Call:
    child, course, _ = await studied(world, place)
    path = f"/students/{child}/courses/{course['id']}/items/{item_ids(course)[0]}"
    return Call(path, {"json": {"done": True}})


async def studied_file(world: World, place: Place) -> Call:
    child, course, upload = await studied(world, place)
    return Call(f"/students/{child}/courses/{course['id']}/files/{upload}")


SAMPLES: dict[str, Sample | Listing] = {
    "list_courses": Listing(listed, key="id", denied=404),
    "create_course": Sample(create),
    "read_course": Sample(read),
    "change_course": changing("", title="Луг"),
    "put_course_contents": changing("/contents", sections=[section(None, text("Луг"))]),
    "put_course_journals": Sample(bind),
    "publish_course": changing("/publication"),
    "copy_course": changing("/copies", academic_year=YEAR, title="Луг"),
    "read_course_progress": Sample(progress),
    "read_course_file": Sample(file),
    "list_student_courses": Listing(list_studied, key="id", denied=404, visible=FAMILY),
    "read_student_course": Sample(read_studied, visible=FAMILY),
    "put_item_done": Sample(done, visible=ITSELF),
    "read_student_course_file": Sample(studied_file, visible=FAMILY),
}
