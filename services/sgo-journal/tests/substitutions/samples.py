"""Sample calls of the substitutions' routes."""

from typing import Any
from uuid import UUID

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import MONDAY, YEAR
from ..timetable.office import Office
from ..timetable.samples import office_of

PERIOD = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}


def away(teacher_id: UUID, **more: Any) -> dict[str, Any]:
    """A teacher is away on Monday."""
    return {
        "academic_year": YEAR,
        "teacher_id": str(teacher_id),
        "valid_from": MONDAY.isoformat(),
        "valid_to": "2026-09-08",
        "reason": "Курсы",
        **more,
    }


async def ready(world: World, place: Place) -> tuple[Office, UUID]:
    """A school and a teacher of it, never the caller, who teaches in several of the places."""
    office = await office_of(world, place)
    return office, await office.school.hire("Образцова")


async def declare(world: World, place: Place) -> Call:
    _, teacher = await ready(world, place)
    return Call(f"/organizations/{place.organization_id}/absences", {"json": away(teacher)})


async def an_absence(world: World, place: Place) -> tuple[Office, dict[str, Any]]:
    office, teacher = await ready(world, place)
    path = f"/organizations/{place.organization_id}/absences"
    return office, (await office.call("POST", path, **away(teacher))).json()


async def listed(world: World, place: Place) -> Listed:
    _, absence = await an_absence(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/absences"), absence["id"])


async def read(world: World, place: Place) -> Call:
    _, absence = await an_absence(world, place)
    return Call(f"/absences/{absence['id']}")


async def change(world: World, place: Place) -> Call:
    _, absence = await an_absence(world, place)
    return Call(f"/absences/{absence['id']}", {"json": {"reason": "Совещание"}, "headers": {"If-Match": '"1"'}})


async def withdraw(world: World, place: Place) -> Call:
    _, absence = await an_absence(world, place)
    return Call(f"/absences/{absence['id']}/withdrawal", {"headers": {"If-Match": '"1"'}})


async def propose(world: World, place: Place) -> Call:
    _, absence = await an_absence(world, place)
    return Call(f"/absences/{absence['id']}/lessons")


async def cancelled(world: World, place: Place, number: int) -> tuple[Office, dict[str, Any], dict[str, Any]]:
    """A lesson of an absent teacher and what cancels it; each sample has an hour of its own."""
    office, absence = await an_absence(world, place)
    lesson = {"lesson_id": await office.school.lesson(number=number, teacher_id=absence["teacher_id"]), "version": 1}
    return office, absence, {"lessons": [{**lesson, "action": "cancel"}]}


async def arrange(world: World, place: Place) -> Call:
    _, absence, body = await cancelled(world, place, 6)
    return Call(f"/absences/{absence['id']}/substitutions", {"json": body})


async def restore(world: World, place: Place) -> Call:
    office, absence, body = await cancelled(world, place, 7)
    made = await office.call("POST", f"/absences/{absence['id']}/substitutions", **body)
    [lesson] = made.json()["items"]
    lessons = [{"lesson_id": lesson["id"], "version": lesson["version"]}]
    return Call(f"/absences/{absence['id']}/restoration", {"json": {"lessons": lessons}})


async def view(world: World, place: Place) -> Call:
    await ready(world, place)
    return Call(f"/organizations/{place.organization_id}/substitutions", {"params": {"date": MONDAY.isoformat()}})


async def download_view(world: World, place: Place) -> Call:
    await ready(world, place)
    params = {"date": MONDAY.isoformat(), "format": "xlsx"}
    return Call(f"/organizations/{place.organization_id}/substitutions/file", {"params": params})


async def report(world: World, place: Place) -> Call:
    await ready(world, place)
    return Call(f"/organizations/{place.organization_id}/substitution-hours", {"params": PERIOD})


async def download_report(world: World, place: Place) -> Call:
    await ready(world, place)
    return Call(f"/organizations/{place.organization_id}/substitution-hours/file", {"params": PERIOD})


SAMPLES: dict[str, Sample | Listing] = {
    "declare_absence": Sample(declare),
    "list_absences": Listing(listed, key="id", denied=404),
    "read_absence": Sample(read),
    "change_absence": Sample(change),
    "withdraw_absence": Sample(withdraw),
    "propose_substitutes": Sample(propose),
    "arrange_substitutions": Sample(arrange),
    "restore_lessons": Sample(restore),
    "view_substitutions": Sample(view),
    "download_substitutions": Sample(download_view),
    "report_hours": Sample(report),
    "download_hours": Sample(download_report),
}
