"""Every route in every position, compared with its policy."""

from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World, check_matrix

from .factories import MONDAY, School, guardianship, hear, mark

FAMILY = {Role.GUARDIAN: frozenset({Target.OWN})}
"""A guardian's own child studies in the organization of the own place."""


async def school_of(world: World, place: Place) -> School:
    """The place's school; the caller teaches in it."""
    school = School(
        world.service,
        place.organization_id,
        teacher_id=world.person_id,
        municipality=place.municipality,
        founder_id=place.founder_id,
    )
    return await school.open()


async def a_lesson(world: World, place: Place) -> tuple[School, str, UUID]:
    school = await school_of(world, place)
    [student] = await school.enrol("Образцова")
    return school, await school.lesson(), student


async def groups(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/groups"), school.group_id)


async def teaching_groups(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/teaching-groups"), await school.gather())


async def teachers(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/teachers"), await school.hire("Образцова"))


async def roster(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await school_of(world, place)).group_id}/roster")


async def children(world: World, place: Place) -> Listed:
    _, _, student = await a_lesson(world, place)
    guardian = world.person_id if place.target is Target.OWN else new_id()
    await hear(world.service, guardianship(guardian, student))
    return Listed(Call("/children"), student)


async def contingent(world: World, place: Place) -> Listed:
    await a_lesson(world, place)
    return Listed(Call("/contingent", {"params": {"date": MONDAY.isoformat()}}), place.organization_id)


async def dictionaries(_world: World, _place: Place) -> Call:
    return Call("/dictionaries")


async def set_lessons(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    body = {"lessons": [school.planned()]}
    return Call(f"/organizations/{place.organization_id}/lessons", {"json": body})


async def list_lessons(world: World, place: Place) -> Call:
    school, _, _ = await a_lesson(world, place)
    period = {"group_id": str(school.group_id), "from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
    return Call("/lessons", {"params": period})


async def read_lesson(world: World, place: Place) -> Call:
    _, lesson_id, _ = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}")


async def list_changes(world: World, place: Place) -> Call:
    _, lesson_id, _ = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}/changes")


async def record_lesson(world: World, place: Place) -> Call:
    _, lesson_id, student = await a_lesson(world, place)
    body = {"marks": [mark(student, "5")], "attendance": []}
    return Call(f"/lessons/{lesson_id}/record", {"json": body, "headers": {"If-Match": '"1"'}})


async def diary(world: World, place: Place) -> Call:
    _, _, student = await a_lesson(world, place)
    guardian = world.person_id if place.target is Target.OWN else new_id()
    await hear(world.service, guardianship(guardian, student))
    return Call(f"/students/{student}/diary", {"params": {"week": MONDAY.isoformat()}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_groups": Listing(groups, key="group_id", denied=404),
    "list_teaching_groups": Listing(teaching_groups, key="teaching_group_id", denied=404),
    "list_teachers": Listing(teachers, key="teacher_id", denied=404),
    "read_roster": Sample(roster),
    "list_children": Listing(children, key="student_id", visible=FAMILY),
    "count_contingent": Listing(contingent, key="organization_id"),
    "read_dictionaries": Sample(dictionaries, scoped=False),
    "set_lessons": Sample(set_lessons),
    "list_lessons": Sample(list_lessons),
    "read_lesson": Sample(read_lesson),
    "list_changes": Sample(list_changes),
    "record_lesson": Sample(record_lesson),
    "read_diary": Sample(diary, visible=FAMILY),
}


async def test_every_route_in_every_position(service: ServiceUnderTest) -> None:
    assert await check_matrix(service, SAMPLES) == []
