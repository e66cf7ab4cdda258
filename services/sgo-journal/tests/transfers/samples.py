"""Sample calls of the routes of what was brought."""

from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Place, Sample, Target, World

from ..factories import YEAR, School, child_of, guardianship, hear, movement, placement, profile
from ..homework.room import uploaded
from ..places import school_of
from .paper import enter, statement, subject

FAMILY = {Role.GUARDIAN: frozenset({Target.OWN}), Role.STUDENT: frozenset({Target.OWN})}


async def read_journal_brought(world: World, place: Place) -> Call:
    return Call(f"/journals/{await (await school_of(world, place)).journal()}/brought-marks")


async def read_student_brought(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    await school.appoint(school.teacher_id)
    own = place.target is Target.OWN
    itself = own and world.is_of(Role.STUDENT)
    student = await child_of(school, world.person_id if own else new_id(), itself=itself)
    return Call(f"/students/{student}/brought-marks", {"params": {"academic_year": YEAR}})


_FRIDAY = date(2026, 9, 4)
_FIRST = {"If-Match": '"1"'}


def _paper(**more: Any) -> dict[str, Any]:
    days = {"arrived_on": _FRIDAY.isoformat(), "document_date": _FRIDAY.isoformat()}
    return statement(subject("Физика", "5"), **{**days, "document_number": str(new_id()), **more})


async def newcomer(world: World, place: Place) -> tuple[School, UUID]:
    """A student who came in September, in the caller's class; the caller's child at the own place."""
    school = await school_of(world, place)
    await school.appoint(school.teacher_id)
    student, own = new_id(), place.target is Target.OWN
    opened = placement(school.organization_id, school.group_id)
    await hear(world.service, profile(student, "Приезжая"), movement(student, _FRIDAY, opened=opened))
    await hear(world.service, guardianship(world.person_id if own else new_id(), student))
    return school, student


async def entered(school: School, student: UUID, headers: dict[str, str] | None = None, **more: Any) -> str:
    """A statement of a student; none where it is another school year by the clock."""
    answer = await enter(school, student, _paper(**more), headers)
    return str(answer.json().get("statement_id", new_id()))


async def enter_statement(world: World, place: Place) -> Call:
    _, student = await newcomer(world, place)
    return Call(f"/students/{student}/brought-statements", {"json": _paper()})


async def list_changes(world: World, place: Place) -> Call:
    _, student = await newcomer(world, place)
    return Call(f"/students/{student}/brought-statements/changes", {"params": {"academic_year": YEAR}})


async def change_statement(world: World, place: Place) -> Call:
    school, student = await newcomer(world, place)
    path = f"/students/{student}/brought-statements/{await entered(school, student)}"
    return Call(path, {"json": _paper(), "headers": _FIRST})


async def remove_statement(world: World, place: Place) -> Call:
    school, student = await newcomer(world, place)
    return Call(f"/students/{student}/brought-statements/{await entered(school, student)}", {"headers": _FIRST})


async def read_file(world: World, place: Place) -> Call:
    school, student = await newcomer(world, place)
    admin = school.admin
    scan = await uploaded(school, admin)
    key = await entered(school, student, admin, upload_ids=[scan])
    if place.target is Target.OWN and world.is_of(Role.STUDENT):
        # The caller studies here since the first of September, as other samples need it, and so brings nothing.
        await world.service.fetch(
            "UPDATE brought_statement SET student_id = $1 WHERE id = $2", world.person_id, UUID(key)
        )
        student = world.person_id
    return Call(f"/students/{student}/brought-statements/{key}/files/{scan}")


async def brought_subject(world: World, place: Place, *, counted: bool = False) -> Call:
    school, student = await newcomer(world, place)
    await entered(school, student)
    found = await world.service.client.get(
        f"/students/{student}/brought-marks", params={"academic_year": YEAR}, headers=school.admin
    )
    keys = [one["subject_id"] for of in found.json()["items"] for one in of["subjects"]]
    path = f"/journals/{await school.journal()}/brought-subjects/{next(iter(keys), new_id())}"
    if not counted:
        return Call(path, {"headers": _FIRST})
    await world.service.client.put(path, headers={**school.admin, **_FIRST})
    return Call(path, {"headers": {"If-Match": '"2"'}})


async def unassign(world: World, place: Place) -> Call:
    return await brought_subject(world, place, counted=True)


SAMPLES: dict[str, Sample] = {
    "read_journal_brought": Sample(read_journal_brought),
    "read_student_brought": Sample(read_student_brought, visible=FAMILY),
    "enter_statement": Sample(enter_statement),
    "list_statement_changes": Sample(list_changes),
    "change_statement": Sample(change_statement),
    "remove_statement": Sample(remove_statement),
    "read_statement_file": Sample(read_file, visible=FAMILY),
    "assign_brought_subject": Sample(brought_subject),
    "unassign_brought_subject": Sample(unassign),
}
