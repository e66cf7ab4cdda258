"""Events beside lessons and other events, their history, and what took place."""

from datetime import timedelta
from typing import Any

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import MONDAY
from ..timetable.office import Office
from .test_class_events import FRIDAY, codes, office, plan

__all__ = ["office"]

HOURS: dict[str, Any] = {
    "starts_on": MONDAY.isoformat(),
    "ends_on": MONDAY.isoformat(),
    "starts_at": "08:30",
    "ends_at": "09:10",
}


async def test_an_event_is_not_planned_over_lessons_unless_it_takes_their_place(office: Office) -> None:
    school = office.school
    room = await school.add_room()
    lesson = await school.lesson()
    await office.call("PATCH", f"/lessons/{lesson}/slot", 1, room_id=str(room), reason="Так")
    refused = await plan(office, **HOURS, room_id=str(room))
    assert (refused.status_code, refused.json()["code"]) == (409, "class-event.conflicts")
    assert sorted(codes(refused)) == [
        "class-event.learners-at-lesson", "class-event.responsible-at-lesson", "class-event.room-busy"
    ]  # fmt: skip
    assert (await plan(office, **{**HOURS, "starts_at": "09:10", "ends_at": "09:20"})).status_code == 201
    still = await plan(office, **HOURS, room_id=str(room), over_lessons=True)
    assert codes(still) == ["class-event.room-busy"]
    assert (await plan(office, **HOURS, over_lessons=True)).status_code == 201


async def test_two_events_need_two_rooms_two_classes_and_two_people(office: Office) -> None:
    room = str(await office.school.add_room())
    assert (await plan(office, room_id=room)).status_code == 201
    again = await plan(office, room_id=room)
    assert sorted(codes(again)) == [
        "class-event.learners-busy", "class-event.responsible-busy", "class-event.room-busy"
    ]  # fmt: skip
    other = str(await office.another_class())
    colleague = str(await office.school.hire("Петрова"))
    beside = await plan(office, learners_ids=[other], responsible_id=colleague)
    assert beside.status_code == 201, beside.text
    path = f"/class-events/{beside.json()['id']}"
    moved = await office.call("PATCH", path, 1, room_id=room)
    assert (moved.status_code, codes(moved)) == (409, ["class-event.room-busy"])
    assert (await office.call("PATCH", path, 1, starts_at="12:30", ends_at="13:00", room_id=room)).status_code == 200


WHOLE: dict[str, Any] = {**HOURS, "starts_at": None, "ends_at": None}


async def test_an_event_without_hours_goes_on_all_day_and_is_planned_over_others_only_knowingly(office: Office) -> None:
    await office.school.lesson()
    room = str(await office.school.add_room())
    refused = await plan(office, **WHOLE, room_id=room)
    assert sorted(codes(refused)) == ["class-event.learners-at-lesson", "class-event.responsible-at-lesson"]
    assert (await plan(office, **WHOLE, room_id=room, over_lessons=True)).status_code == 201
    busy = ["class-event.learners-busy", "class-event.responsible-busy"]
    hours = {**HOURS, "starts_at": "15:00", "ends_at": "16:00"}
    for one in (WHOLE, hours):
        assert sorted(codes(await plan(office, **one, over_lessons=True))) == busy
    again = await plan(office, **WHOLE, room_id=room, over_lessons=True, over_events=True)
    assert codes(again) == ["class-event.room-busy"], "the room is its own in any case"
    hour = await plan(office, **hours, over_events=True)
    assert hour.status_code == 201, hour.text
    assert sorted(codes(await plan(office, **hours, over_events=True))) == busy, "two at one hour never"
    path = f"/class-events/{hour.json()['id']}"
    assert (await office.call("PATCH", path, 1, title="Театр")).status_code == 200
    assert (await office.call("PATCH", path, 2, starts_at="15:10")).status_code == 409
    assert (await office.call("PATCH", path, 2, starts_at="15:10", over_events=True)).status_code == 200


async def test_what_took_place_is_not_planned_otherwise(office: Office) -> None:
    event = (await plan(office)).json()
    path = f"/class-events/{event['id']}"
    office.stand_at(FRIDAY)
    assert (await office.call("PATCH", path, 1, title="Театр")).status_code == 200
    office.stand_at(FRIDAY + timedelta(days=1))
    for answer in (
        await office.call("PATCH", path, 2, title="Цирк"),
        await office.call("POST", f"{path}/cancellation", 2, reason="Так"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "class-event.took-place")
    assert codes(await plan(office)) == ["class-event.in-past"]
    assert (await office.call("GET", path)).json()["title"] == "Театр"


async def test_the_history_of_an_event_tells_who_changed_what(office: Office) -> None:
    event = (await plan(office)).json()
    path = f"/class-events/{event['id']}"
    await office.call("PATCH", path, 1, title="Театр", kind="excursion")
    await office.call("POST", f"{path}/cancellation", 2, reason="Мороз")
    kept = (await office.call("GET", f"{path}/changes")).json()["items"]
    assert [(one["action"], one["old"], one["new"]) for one in kept[1:]] == [
        ("changed", {"title": "Музей"}, {"title": "Театр"}),
        ("cancelled", {"state": "planned", "note": None}, {"state": "cancelled", "note": "Мороз"}),
    ]
    assert kept[0]["new"]["title"] == "Музей"
    stranger = office.school.headers(Role.TEACHER, new_id())
    assert (await office.school.service.client.get(f"{path}/changes", headers=stranger)).status_code == 200
