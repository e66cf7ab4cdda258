"""Events of classes and groups."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from servicekit.ids import new_id

from ..factories import MONDAY, School, audited
from ..test_pages import statements
from ..timetable.office import Office, into

FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
async def office(school: School) -> Office:
    office = await Office.of(school, today=MONDAY)
    await school.hire("Иванова", school.teacher_id)
    return office


async def plan(office: Office, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    body = {
        "kind": "excursion",
        "title": "Музей",
        "learners_ids": [str(office.school.group_id)],
        "starts_on": FRIDAY.isoformat(),
        "ends_on": FRIDAY.isoformat(),
        "starts_at": "10:00:00",
        "ends_at": "12:30:00",
        "place": "Краеведческий музей",
        "responsible_id": str(office.school.teacher_id),
        **more,
    }
    return await office.school.service.client.post(
        f"/organizations/{office.school.organization_id}/class-events", json=body, headers=headers or office.keys
    )


async def listed(office: Office, **more: Any) -> list[str]:
    params = {"from": MONDAY.isoformat(), "to": (MONDAY + timedelta(days=6)).isoformat(), **more}
    answer = await office.school.service.client.get(
        f"/organizations/{office.school.organization_id}/class-events", params=params, headers=office.keys
    )
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


def codes(answer: httpx.Response) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]]


async def test_an_event_is_planned_changed_and_cancelled(office: Office) -> None:
    made = await plan(office)
    assert made.status_code == 201, made.text
    path = f"/class-events/{made.json()['id']}"
    changed = await office.call("PATCH", path, 1, title="Театр", place=None, ends_on="2026-09-12")
    assert (changed.json()["title"], changed.json()["place"], changed.json()["version"]) == ("Театр", None, 2)
    assert (await office.call("PATCH", path, 1, title="Цирк")).status_code == 412
    cancelled = await office.call("POST", f"{path}/cancellation", 2, reason="Мороз")
    assert (cancelled.json()["state"], cancelled.json()["note"]) == ("cancelled", "Мороз")
    late = await office.call("PATCH", path, 3, title="Цирк")
    assert (late.status_code, late.json()["code"]) == (409, "class-event.cancelled")
    assert (await office.call("GET", path)).json()["version"] == 3


async def test_views_show_an_event_on_each_of_its_days_to_whom_it_concerns(office: Office) -> None:
    other = await office.another_class()
    room = await office.school.add_room("Актовый зал")
    await plan(office, title="Поход", ends_on="2026-09-12", starts_at=None, ends_at=None)
    await plan(office, title="Концерт", learners_ids=[str(other)], room_id=str(room), over_events=True)

    async def shown(span: str = "week", **wanted: UUID) -> list[tuple[str, str]]:
        days = (await office.view(MONDAY, span, **wanted))["days"]
        return [(day["date"], event["title"]) for day in days for event in day["events"]]

    hike = [("2026-09-11", "Поход"), ("2026-09-12", "Поход")]
    assert await shown(learners_id=office.school.group_id) == hike
    assert await shown(learners_id=other) == [("2026-09-11", "Концерт")]
    assert await shown(room_id=room) == [("2026-09-11", "Концерт")]
    assert len(await shown("year")) == 3
    assert len(await shown(teacher_id=office.school.teacher_id)) == 3
    assert await listed(office) == ["Поход", "Концерт"]
    assert await listed(office, learners_id=str(other)) == ["Концерт"]
    assert await listed(office, **{"from": "2026-09-12"}) == ["Поход"]


async def test_whoever_is_on_the_roster_on_the_first_day_takes_part(office: Office) -> None:
    ours = await office.school.enrol("Альфа", "Бета")
    await office.school.depart(ours[1], FRIDAY)
    other = await office.another_class()
    theirs = await into(office.school, other, "Гамма")
    made = (await plan(office, learners_ids=[str(office.school.group_id), str(other)])).json()
    sent = statements(office.school)
    found = (await office.call("GET", f"/class-events/{made['id']}/participants")).json()
    assert len([one for one in sent if "roster_stay" in one]) == 1, "however many classes take part"
    assert [(one["student_id"], one["learners_id"]) for one in found] == [
        (str(ours[0]), str(office.school.group_id)),
        (str(theirs), str(other)),
    ]
    assert [one["name"] for one in found] == ["Альфа Алиса", "Гамма Алиса"]
    [(_, action, subjects)] = await audited(office.school)
    assert (action, set(subjects)) == ("class-event.participants", {ours[0], theirs})


async def test_a_teacher_plans_for_the_class_the_teacher_leads(office: Office) -> None:
    teacher = office.school.teacher
    assert (await plan(office, teacher)).status_code == 403
    await office.school.appoint(office.school.teacher_id)
    made = await plan(office, teacher)
    assert made.status_code == 201, made.text
    other = await office.another_class()
    assert (await plan(office, teacher, learners_ids=[str(other)])).status_code == 403
    path = f"/class-events/{made.json()['id']}"
    keys = {**teacher, "If-Match": '"1"'}
    client = office.school.service.client
    assert (await client.patch(path, json={"learners_ids": [str(other)]}, headers=keys)).status_code == 403
    assert (await client.patch(path, json={"title": "Театр"}, headers=keys)).status_code == 200


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"learners_ids": [str(new_id())]}, "class-event.learners-unknown"),
        ({"ends_on": "2026-09-10"}, "class-event.days"),
        ({"ends_on": "2027-05-01"}, "class-event.days"),
        ({"starts_on": "2026-08-31", "ends_on": "2026-08-31"}, "class-event.outside-year"),
        ({"ends_at": "10:00:00"}, "class-event.times"),
        ({"ends_at": None}, "class-event.times"),
        ({"room_id": str(new_id())}, "lesson.room-unknown"),
        ({"responsible_id": str(new_id())}, "class-event.responsible-unknown"),
    ],
)
async def test_what_cannot_be_is_named_and_nothing_is_saved(office: Office, more: dict[str, Any], code: str) -> None:
    refused = await plan(office, **more)
    assert (refused.status_code, refused.json()["code"]) == (422, "class-event.invalid")
    assert codes(refused) == [code]
    assert not await listed(office)


async def test_a_time_of_day_has_no_zone(office: Office) -> None:
    assert codes(await plan(office, starts_at="10:00:00Z")) == ["time.zone"]
