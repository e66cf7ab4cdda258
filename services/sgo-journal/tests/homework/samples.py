"""Sample calls of the routes of homework and files."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import MONDAY, SEPTEMBER, School, guardianship, hear, movement, placement, profile
from ..places import school_of
from .room import PDF, give, hand_in, student, uploaded

_FIRST = {"If-Match": '"1"'}
FAMILY = {Role.GUARDIAN: frozenset({Target.OWN}), Role.STUDENT: frozenset({Target.OWN})}


async def ready(world: World, place: Place) -> tuple[School, dict[str, Any], UUID]:
    """As ``fresh``: the same one for every sample that leaves it as it is."""
    who = "itself" if world.is_of(Role.STUDENT) else "a child"
    return await world.once(f"homework of {world.person_id}, {who}", place, lambda: fresh(world, place))


async def fresh(world: World, place: Place, **more: Any) -> tuple[School, dict[str, Any], UUID]:
    """A homework of a student: the caller or the caller's child, at the own place."""
    school = await school_of(world, place)
    [other] = await school.enrol("Образцова")
    own = place.target is Target.OWN
    child = world.person_id if own and world.is_of(Role.STUDENT) else other
    if child != other:
        await enrol_caller(school, child)
    await hear(world.service, guardianship(world.person_id if own else new_id(), child))
    # By the office: a teacher's days may be over where the clock is the real one.
    given = await give(school, await school.lesson(), **{"headers": school.admin, **more})
    return school, given, child


async def enrol_caller(school: School, student_id: UUID) -> None:
    """Let the caller be a student of the class."""
    opened = placement(school.organization_id, school.group_id)
    await hear(school.service, profile(student_id, "Ученик"), movement(student_id, SEPTEMBER, opened=opened))


async def upload(_world: World, _place: Place) -> Call:
    return Call("/uploads", {"files": {"file": ("Работа.pdf", PDF)}})


async def give_homework(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    return Call(f"/lessons/{await school.lesson()}/homework", {"json": {"text": "§ 5"}})


async def list_homework(world: World, place: Place) -> Call:
    _, given, _ = await ready(world, place)
    return Call(f"/lessons/{given['lesson_id']}/homework")


async def read(world: World, place: Place) -> Call:
    _, given, _ = await ready(world, place)
    return Call(f"/homework/{given['id']}")


async def change(world: World, place: Place) -> Call:
    _, given, _ = await ready(world, place)
    return Call(f"/homework/{given['id']}", {"json": {"text": "§ 6"}, "headers": _FIRST})


async def remove(world: World, place: Place) -> Call:
    _, given, _ = await ready(world, place)
    return Call(f"/homework/{given['id']}", {"headers": _FIRST})


async def file(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    office = school.admin
    upload_id = await uploaded(school, office)
    _, given, _ = await fresh(world, place, upload_ids=[upload_id], headers=office)
    return Call(f"/homework/{given['id']}/files/{upload_id}")


async def works(world: World, place: Place) -> Call:
    _, given, _ = await ready(world, place)
    return Call(f"/homework/{given['id']}/works")


async def handing(world: World, place: Place) -> Call:
    _, given, child = await ready(world, place)
    body = {"student_id": str(child), "text": "Готово"}
    return Call(f"/homework/{given['id']}/hand-ins", {"json": body})


async def versions(world: World, place: Place) -> Call:
    _, given, child = await ready(world, place)
    return Call(f"/homework/{given['id']}/hand-ins", {"params": {"student_id": str(child)}})


async def answer(world: World, place: Place) -> Call:
    school, given, child = await fresh(world, place)
    handed = (await hand_in(school, given["id"], child, text="Готово")).json()
    return Call(f"/hand-ins/{handed['id']}/answer", {"json": {"state": "accepted"}, "headers": _FIRST})


async def handed_file(world: World, place: Place) -> Call:
    school, given, child = await fresh(world, place)
    upload_id = await uploaded(school, student(school, child))
    handed = (await hand_in(school, given["id"], child, upload_ids=[upload_id])).json()
    return Call(f"/hand-ins/{handed['id']}/files/{upload_id}")


async def tasks(world: World, place: Place) -> Listed:
    school, given, child = await ready(world, place)
    await school.appoint(school.teacher_id)
    period = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
    return Listed(Call(f"/students/{child}/homework", {"params": period}), given["id"])


SAMPLES: dict[str, Sample | Listing] = {
    "upload_file": Sample(upload, scoped=False),
    "give_homework": Sample(give_homework),
    "list_homework": Sample(list_homework),
    "read_homework": Sample(read, visible=FAMILY),
    "change_homework": Sample(change),
    "remove_homework": Sample(remove),
    "read_homework_file": Sample(file, visible=FAMILY),
    "list_works": Sample(works),
    "hand_in": Sample(handing, visible=FAMILY),
    "list_hand_ins": Sample(versions, visible=FAMILY),
    "answer_hand_in": Sample(answer),
    "read_hand_in_file": Sample(handed_file, visible=FAMILY),
    "list_tasks": Listing(tasks, key="id", denied=404, visible=FAMILY),
}
