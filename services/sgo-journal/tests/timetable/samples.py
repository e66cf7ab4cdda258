"""Sample calls of the timetable's routes."""

from typing import Any

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import MONDAY, YEAR
from ..places import school_of
from .office import Office, line

NOTHING: frozenset[Target] = frozenset()
_FIRST = {"If-Match": '"1"'}


async def office_of(world: World, place: Place) -> Office:
    return await Office.of(await school_of(world, place), today=MONDAY)


async def a_draft(world: World, place: Place) -> tuple[Office, dict[str, Any]]:
    office = await office_of(world, place)
    return office, await office.draft()


async def create_timetable(world: World, place: Place) -> Call:
    await office_of(world, place)
    body = {"academic_year": YEAR, "title": "Основное", "valid_from": MONDAY.isoformat()}
    return Call(f"/organizations/{place.organization_id}/timetables", {"json": body})


async def list_timetables(world: World, place: Place) -> Listed:
    _, draft = await a_draft(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/timetables"), draft["id"])


async def read_timetable(world: World, place: Place) -> Call:
    _, draft = await a_draft(world, place)
    return Call(f"/timetables/{draft['id']}")


async def change_timetable(world: World, place: Place) -> Call:
    _, draft = await a_draft(world, place)
    return Call(f"/timetables/{draft['id']}", {"json": {"title": "Другое"}, "headers": _FIRST})


async def list_lines(world: World, place: Place) -> Call:
    _, draft = await a_draft(world, place)
    return Call(f"/timetables/{draft['id']}/lines")


async def edit_lines(world: World, place: Place) -> Call:
    office, draft = await a_draft(world, place)
    body = {"put": [line(await office.school.journal())]}
    return Call(f"/timetables/{draft['id']}/lines", {"json": body, "headers": _FIRST})


async def list_conflicts(world: World, place: Place) -> Call:
    _, draft = await a_draft(world, place)
    return Call(f"/timetables/{draft['id']}/conflicts")


async def list_remarks(world: World, place: Place) -> Call:
    _, draft = await a_draft(world, place)
    return Call(f"/timetables/{draft['id']}/remarks")


async def publish(world: World, place: Place) -> Call:
    _, draft = await a_draft(world, place)
    body = {"valid_from": MONDAY.isoformat()}
    return Call(f"/timetables/{draft['id']}/publication", {"json": body, "headers": _FIRST})


async def run_of_another(world: World, place: Place) -> Call:
    office, draft = await a_draft(world, place)
    path = f"/timetables/{draft['id']}/publication"
    queued = await office.call("POST", path, 1, valid_from=MONDAY.isoformat())
    return Call(f"/runs/{queued.json()['id']}")


async def unavailable(office: Office) -> dict[str, Any]:
    teacher = await office.school.hire("Курсова")
    return {
        "academic_year": YEAR,
        "kind": "teacher",
        "resource_id": str(teacher),
        "valid_from": MONDAY.isoformat(),
        "valid_to": "2026-10-01",
        "reason": "Курсы",
    }


async def declare(world: World, place: Place) -> Call:
    body = await unavailable(await office_of(world, place))
    return Call(f"/organizations/{place.organization_id}/unavailability", {"json": body})


async def list_unavailable(world: World, place: Place) -> Listed:
    office = await office_of(world, place)
    path = f"/organizations/{place.organization_id}/unavailability"
    return Listed(Call(path), (await office.call("POST", path, **await unavailable(office))).json()["id"])


async def withdraw(world: World, place: Place) -> Call:
    listed = await list_unavailable(world, place)
    return Call(f"/unavailability/{listed.id}")


async def list_shared(world: World, place: Place) -> Call:
    await office_of(world, place)
    return Call(f"/organizations/{place.organization_id}/shared-rooms")


async def share_room(world: World, place: Place) -> Call:
    office = await office_of(world, place)
    room = await office.school.add_room()
    return Call(f"/organizations/{place.organization_id}/shared-rooms/{room}", {"json": {"lessons": 2}})


async def read_points(world: World, place: Place) -> Call:
    await office_of(world, place)
    return Call(f"/organizations/{place.organization_id}/subject-points")


async def set_points(world: World, place: Place) -> Call:
    return Call((await read_points(world, place)).path, {"json": {"points": []}, "headers": {"If-Match": '"0"'}})


async def view(world: World, place: Place) -> Call:
    await office_of(world, place)
    return Call(f"/organizations/{place.organization_id}/timetable", {"params": {"date": MONDAY.isoformat()}})


async def print_view(world: World, place: Place) -> Call:
    await office_of(world, place)
    params = {"date": MONDAY.isoformat(), "format": "xlsx"}
    return Call(f"/organizations/{place.organization_id}/timetable/file", {"params": params})


async def add_lesson(world: World, place: Place) -> Call:
    office = await office_of(world, place)
    body = {
        "journal_id": str(await office.school.journal()),
        "date": MONDAY.isoformat(),
        "number": 1,
        "reason": "Дополнительный",
    }
    return Call(f"/organizations/{place.organization_id}/timetable/lessons", {"json": body})


async def a_lesson(world: World, place: Place) -> str:
    return await (await office_of(world, place)).school.lesson()


async def move_lesson(world: World, place: Place) -> Call:
    lesson_id = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}/slot", {"json": {"number": 2, "reason": "Экскурсия"}, "headers": _FIRST})


async def cancel_lesson(world: World, place: Place) -> Call:
    lesson_id = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}/cancellation", {"json": {"reason": "Мороз"}, "headers": _FIRST})


async def restore_lesson(world: World, place: Place) -> Call:
    office = await office_of(world, place)
    # Another hour than the other samples': the teacher is the same.
    lesson_id = await office.school.lesson(number=5)
    await office.call("POST", f"/lessons/{lesson_id}/cancellation", 1, reason="Мороз")
    return Call(f"/lessons/{lesson_id}/restoration", {"json": {"reason": "Тепло"}, "headers": {"If-Match": '"2"'}})


async def list_planning(world: World, place: Place) -> Call:
    return Call(f"/lessons/{await a_lesson(world, place)}/planning")


SAMPLES: dict[str, Sample | Listing] = {
    "create_timetable": Sample(create_timetable),
    "list_timetables": Listing(list_timetables, key="id", denied=404),
    "read_timetable": Sample(read_timetable),
    "change_timetable": Sample(change_timetable),
    "list_timetable_lines": Sample(list_lines),
    "edit_timetable_lines": Sample(edit_lines),
    "list_timetable_conflicts": Sample(list_conflicts),
    "list_timetable_remarks": Sample(list_remarks),
    "publish_timetable": Sample(publish),
    "get_run": Sample(run_of_another, visible=dict.fromkeys(Role, NOTHING)),
    "declare_unavailability": Sample(declare),
    "list_unavailability": Listing(list_unavailable, key="id", denied=404),
    "withdraw_unavailability": Sample(withdraw),
    "list_shared_rooms": Sample(list_shared),
    "share_room": Sample(share_room),
    "read_subject_points": Sample(read_points),
    "set_subject_points": Sample(set_points),
    "view_timetable": Sample(view),
    "download_timetable": Sample(print_view),
    "add_planned_lesson": Sample(add_lesson),
    "move_lesson": Sample(move_lesson),
    "cancel_lesson": Sample(cancel_lesson),
    "restore_lesson": Sample(restore_lesson),
    "list_lesson_planning": Sample(list_planning),
}
