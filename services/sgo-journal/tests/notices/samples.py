"""Sample calls of the notices' routes."""

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listing, Place, Sample, Target, World

from ..factories import child_of
from ..timetable.office import Office
from ..timetable.samples import office_of

OWN = frozenset({Target.OWN})


async def cancelled(office: Office) -> str:
    """A lesson of the class that is cancelled: a notice."""
    lesson_id = await office.school.lesson()
    answer = await office.call("POST", f"/lessons/{lesson_id}/cancellation", 1, reason="Так")
    assert answer.status_code == 200, answer.text
    return lesson_id


async def of_class(world: World, place: Place) -> Call:
    office = await office_of(world, place)
    await office.school.appoint(office.school.teacher_id)
    await cancelled(office)
    return Call(f"/groups/{office.school.group_id}/notices")


async def of_own(world: World, place: Place) -> Call:
    office = await office_of(world, place)
    await cancelled(office)
    own = place.target is Target.OWN
    itself = own and world.is_of(Role.STUDENT)
    student = await child_of(office.school, world.person_id if own else new_id(), itself=itself)
    return Call(f"/students/{student}/notices")


SAMPLES: dict[str, Sample | Listing] = {
    "list_class_notices": Sample(of_class),
    "list_own_notices": Sample(of_own, visible={Role.GUARDIAN: OWN, Role.STUDENT: OWN}),
}
