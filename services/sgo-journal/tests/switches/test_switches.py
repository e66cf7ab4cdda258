"""Quarantine, weather days, remote mode."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from servicekit.ids import new_id

from ..factories import MONDAY, YEAR, School
from ..timetable.office import Office, line

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
async def office(school: School) -> Office:
    """Two classes of one grade with a lesson each on Mondays and Tuesdays; it is Monday."""
    office = await Office.of(school)
    other = await office.another_class()
    music = await school.teach("Музыка", learners_id=other, teacher_id=new_id())
    ours = await school.journal()
    await office.published(line(ours, 1), line(ours, 2), line(music, 1), line(music, 2))
    office.stand_at(MONDAY, 4)
    return office


async def switch(office: Office, path: str = "", **more: Any) -> httpx.Response:
    body: dict[str, Any] = {
        "academic_year": YEAR,
        "kind": "quarantine",
        "effect": "cancel",
        "valid_from": MONDAY.isoformat(),
        "valid_to": (NEXT + timedelta(days=7)).isoformat(),
        "reason": "Карантин по гриппу",
        "order_number": "15-к",
        **more,
    }
    return await office.call("POST", f"/organizations/{office.school.organization_id}/switches{path}", **body)


async def states(office: Office, on: date, **wanted: Any) -> list[tuple[str, str]]:
    return [(one["state"], one["mode"]) for one in await office.lessons(on, **wanted)]


async def test_a_class_in_quarantine_has_no_lessons_the_other_has(office: Office) -> None:
    ours = office.school.group_id
    before = await office.lessons(NEXT, learners_id=ours)
    preview = (await switch(office, "/preview", learners_ids=[str(ours)])).json()
    assert preview == {"lessons": 4, "classes": 1, "teachers": 1, "left": 0, "mixed": 0}
    assert {state for state, _ in await states(office, NEXT)} == {"planned"}
    made = await switch(office, learners_ids=[str(ours)])
    assert made.status_code == 201, made.text
    assert (made.json()["lessons"], made.json()["order_number"]) == (4, "15-к")
    assert await states(office, NEXT, learners_id=ours) == [("cancelled", "on_site")] * 2
    assert [state for state, _ in await states(office, NEXT)].count("planned") == 2
    [lesson, _] = await office.lessons(NEXT, learners_id=ours)
    assert lesson["note"] == "Карантин по гриппу"
    undone = await office.call("POST", f"/switches/{made.json()['id']}/undo", 1, reason="Карантин снят")
    assert undone.status_code == 200, undone.text
    after = await office.lessons(NEXT, learners_id=ours)
    assert [{**one, "version": None} for one in after] == [{**one, "version": None} for one in before]
    again = await office.call("POST", f"/switches/{made.json()['id']}/undo", 2, reason="Снова")
    assert (again.status_code, again.json()["code"]) == (409, "switch.undone")
    kept = (await office.call("GET", f"/lessons/{lesson['id']}/planning")).json()["items"]
    assert [(one["action"], one["reason"]) for one in kept] == [
        ("cancelled", "Карантин по гриппу"),
        ("restored", "Карантин снят"),
    ]


async def test_what_took_place_stays_when_a_switch_is_made_and_when_it_is_undone(office: Office) -> None:
    tuesday = MONDAY + timedelta(days=1)
    office.stand_at(tuesday, 4)
    made = (await switch(office)).json()
    assert made["lessons"] == 6
    assert [one["state"] for one in await office.lessons(MONDAY)] == ["planned", "planned", "cancelled", "cancelled"]
    office.stand_at(NEXT, 4)
    await office.call("POST", f"/switches/{made['id']}/undo", 1, reason="Снят")
    assert [one["state"] for one in await office.lessons(MONDAY)] == ["planned", "planned", "cancelled", "cancelled"]
    assert {one["state"] for one in await office.lessons(NEXT)} == {"planned"}


async def test_remote_mode_keeps_lessons_and_gives_the_link_of_the_journal(office: Office) -> None:
    journal = await office.school.journal()
    await office.call("PATCH", f"/journals/{journal}", 1, video_link="https://video.example/1a")
    made = await switch(office, kind="remote", effect="remote", grades=[5])
    assert made.json()["lessons"] == 8
    shown = await office.lessons(NEXT, learners_id=office.school.group_id)
    assert [(one["state"], one["mode"], one["video_link"]) for one in shown] == [
        ("planned", "remote", "https://video.example/1a")
    ] * 2
    assert (await switch(office, kind="remote", effect="remote")).json()["code"] == "switch.nothing"
    await office.call("POST", f"/switches/{made.json()['id']}/undo", 1, reason="Очно")
    assert await states(office, NEXT, learners_id=office.school.group_id) == [("planned", "on_site")] * 2


async def test_cancelled_lessons_stay_cancelled_when_a_timetable_is_published(office: Office) -> None:
    await switch(office, learners_ids=[str(office.school.group_id)])
    ours = await office.school.journal()
    await office.published(line(ours, 3), line(ours, 4), since=NEXT)
    assert await states(office, NEXT, learners_id=office.school.group_id) == [("cancelled", "on_site")] * 2


async def test_a_switch_is_not_undone_over_lessons_that_stand_in_its_place(office: Office) -> None:
    made = (await switch(office, learners_ids=[str(office.school.group_id)])).json()
    body: dict[str, Any] = {
        "journal_id": str(await office.school.journal()),
        "date": NEXT.isoformat(),
        "number": 1,
        "reason": "Так",
    }
    added = await office.school.service.client.post(
        f"/organizations/{office.school.organization_id}/timetable/lessons", json=body, headers=office.keys
    )
    assert added.status_code == 201, added.text
    refused = await office.call("POST", f"/switches/{made['id']}/undo", 1, reason="Снят")
    assert (refused.status_code, refused.json()["code"]) == (409, "timetable.conflicts")
    read = (await office.call("GET", f"/switches/{made['id']}")).json()
    assert (read["version"], read["undone_at"]) == (1, None)


async def test_a_wrong_switch_is_refused_and_switches_nothing(office: Office) -> None:
    wrong: list[dict[str, Any]] = [
        {"valid_to": MONDAY.isoformat()},
        {"valid_to": "2027-05-01"},
        {"learners_ids": [str(new_id())]},
        {"learners_ids": [str(office.school.group_id)], "grades": [1]},
    ]
    for more in wrong:
        answer = await switch(office, **more)
        assert (answer.status_code, answer.json()["code"]) == (422, "switch.invalid")
    none = await switch(office, grades=[9])
    assert (none.status_code, none.json()["code"]) == (409, "switch.nothing")
    path = f"/organizations/{office.school.organization_id}/switches"
    assert (await office.call("GET", path)).json()["items"] == []
    assert {one["state"] for one in await office.lessons(NEXT)} == {"planned"}


async def test_a_lesson_set_by_hand_into_days_of_remote_mode_is_remote(office: Office) -> None:
    journal = await office.school.journal()
    await office.call("PATCH", f"/journals/{journal}", 1, video_link="https://video.example/1a")
    until = (NEXT + timedelta(days=1)).isoformat()
    made = (await switch(office, kind="remote", effect="remote", valid_to=until)).json()
    path = f"/organizations/{office.school.organization_id}/timetable/lessons"
    body: dict[str, Any] = {"journal_id": str(journal), "date": NEXT.isoformat(), "number": 3, "reason": "Замена"}
    added = await office.call("POST", path, **body)
    assert (added.status_code, added.json()["mode"]) == (201, "remote"), added.text
    later = await office.call("POST", path, **{**body, "date": (NEXT + timedelta(days=3)).isoformat()})
    assert later.json()["mode"] == "on_site"
    slot = f"/lessons/{later.json()['id']}/slot"
    moved = await office.call("PATCH", slot, 1, date=NEXT.isoformat(), number=4, reason="Замена")
    assert moved.json()["mode"] == "remote", moved.text
    assert (await office.call("GET", f"/switches/{made['id']}")).json()["lessons"] == made["lessons"] + 2
    await office.call("POST", f"/switches/{made['id']}/undo", 1, reason="Снят")
    found = {one["id"]: one for one in await office.lessons(NEXT)}
    assert {found[one.json()["id"]]["mode"] for one in (added, moved)} == {"on_site"}


async def test_a_lesson_set_by_hand_into_a_quarantine_is_held_as_it_was_meant(office: Office) -> None:
    await switch(office)
    path = f"/organizations/{office.school.organization_id}/timetable/lessons"
    body: dict[str, Any] = {
        "journal_id": str(await office.school.journal()),
        "date": NEXT.isoformat(),
        "number": 3,
        "reason": "Нужен",
    }
    added = await office.call("POST", path, **body)
    assert (added.json()["state"], added.json()["mode"]) == ("planned", "on_site"), added.text
