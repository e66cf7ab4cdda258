"""Switches that overlap, and what somebody decides on their lessons meanwhile."""

from datetime import timedelta
from typing import Any

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import MONDAY
from ..substitutions.samples import away
from ..timetable.office import Office, line
from .test_switches import NEXT, office, states, switch

__all__ = ["office"]

REMOTE: dict[str, Any] = {"kind": "remote", "effect": "remote", "reason": "Дистанционно"}
WEATHER: dict[str, Any] = {"kind": "weather", "reason": "Мороз"}


async def made(office: Office, **more: Any) -> str:
    answer = await switch(office, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def undo(office: Office, switch_id: str) -> dict[str, Any]:
    answer = await office.call("POST", f"/switches/{switch_id}/undo", 1, reason="Снято")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_switches_are_undone_in_any_order(office: Office) -> None:
    before = await office.lessons(NEXT)
    for first_undone in (0, 1):
        switches = [await made(office, **REMOTE), await made(office)]
        assert set(await states(office, NEXT)) == {("cancelled", "remote")}
        await undo(office, switches[first_undone])
        left = {("cancelled", "on_site")} if first_undone == 0 else {("planned", "remote")}
        assert set(await states(office, NEXT)) == left
        await undo(office, switches[1 - first_undone])
        after = await office.lessons(NEXT)
        assert [{**one, "version": None} for one in after] == [{**one, "version": None} for one in before]


async def test_what_two_switches_cancel_comes_back_when_both_are_undone(office: Office) -> None:
    ours = office.school.group_id
    quarantine = await made(office, learners_ids=[str(ours)])
    weather = (await switch(office, **WEATHER)).json()
    assert weather["lessons"] == 8
    await undo(office, quarantine)
    shown = await office.lessons(NEXT, learners_id=ours)
    assert [(one["state"], one["note"]) for one in shown] == [("cancelled", "Мороз")] * 2
    await undo(office, weather["id"])
    shown = await office.lessons(NEXT)
    assert {(one["state"], one["note"]) for one in shown} == {("planned", None)}


async def test_a_substitute_stays_when_remote_mode_ends(office: Office) -> None:
    school = office.school
    await school.hire("Иванова", school.teacher_id)
    other = await school.hire("Петрова")
    remote = await made(office, **REMOTE)
    path = f"/organizations/{school.organization_id}/absences"
    absence = (await office.call("POST", path, **away(school.teacher_id))).json()
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    wanted = {"lesson_id": lesson["id"], "version": lesson["version"], "action": "replace", "teacher_id": str(other)}
    arranged = await office.call("POST", f"/absences/{absence['id']}/substitutions", lessons=[wanted])
    assert arranged.status_code == 201, arranged.text
    await undo(office, remote)
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    assert (lesson["teacher_id"], lesson["mode"], lesson["note"]) == (str(other), "on_site", "Замена")
    journal = await school.journal()
    await office.published(line(journal, 2, 4), since=MONDAY)
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    assert lesson["teacher_id"] == str(other)


async def test_a_substitution_given_back_leaves_a_lesson_cancelled_that_a_switch_cancels(office: Office) -> None:
    school = office.school
    await school.hire("Иванова", school.teacher_id)
    other = await school.hire("Петрова")
    path = f"/organizations/{school.organization_id}/absences"
    absence = (await office.call("POST", path, **away(school.teacher_id))).json()
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    wanted = {"lesson_id": lesson["id"], "version": lesson["version"], "action": "replace", "teacher_id": str(other)}
    await office.call("POST", f"/absences/{absence['id']}/substitutions", lessons=[wanted])
    quarantine = await made(office)
    wanted["version"] += 2
    again = await office.call("POST", f"/absences/{absence['id']}/substitutions", lessons=[wanted])
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "substitution.lesson-cancelled")
    await office.call("POST", f"/absences/{absence['id']}/withdrawal", 1)
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    assert (lesson["state"], lesson["teacher_id"]) == ("cancelled", str(school.teacher_id))
    await undo(office, quarantine)
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    assert (lesson["state"], lesson["note"]) == ("planned", None)


async def test_lessons_published_within_a_quarantine_are_under_it(office: Office) -> None:
    ours = office.school.group_id
    quarantine = await made(office, learners_ids=[str(ours)], valid_to=(NEXT + timedelta(days=2)).isoformat())
    journal = await office.school.journal()
    await office.published(*[line(journal, day, 1) for day in (1, 2, 3)], line(journal, 1, 3), since=NEXT)
    assert await states(office, NEXT, learners_id=ours) == [("cancelled", "on_site")] * 3 + [("planned", "on_site")]
    read = (await office.call("GET", f"/switches/{quarantine}")).json()
    assert read["lessons"] == 5
    undone = await office.call("POST", f"/switches/{quarantine}/undo", 1, reason="Снято")
    assert undone.status_code == 200, undone.text
    assert await states(office, NEXT, learners_id=ours) == [("planned", "on_site")] * 4


async def test_lessons_whose_hour_has_passed_are_not_switched_and_not_brought_back(office: Office) -> None:
    office.stand_at(MONDAY, 6)  # nine in the morning: the first lesson goes on
    first = await made(office, valid_to=(MONDAY + timedelta(days=1)).isoformat())
    assert set(await states(office, MONDAY, span="day")) == {("cancelled", "on_site")}
    office.stand_at(MONDAY)
    await undo(office, first)
    assert set(await states(office, MONDAY, span="day")) == {("cancelled", "on_site")}
    office.stand_at(NEXT)
    late = await switch(office, valid_from=NEXT.isoformat(), valid_to=(NEXT + timedelta(days=1)).isoformat())
    assert (late.status_code, late.json()["code"]) == (409, "switch.nothing")


async def test_a_lesson_brought_back_by_hand_is_no_longer_the_switchs(office: Office) -> None:
    remote, quarantine = await made(office, **REMOTE), await made(office)
    [lesson, _] = await office.lessons(NEXT, learners_id=office.school.group_id)
    back = await office.call("POST", f"/lessons/{lesson['id']}/restoration", lesson["version"], reason="Нужен")
    assert (back.status_code, back.json()["mode"], back.json()["note"]) == (200, "remote", "Дистанционно"), back.text
    await undo(office, quarantine)
    await undo(office, remote)
    assert set(await states(office, NEXT)) == {("planned", "on_site")}


async def test_a_switch_waits_for_whoever_records_a_lesson(office: Office) -> None:
    school = office.school
    [student] = await school.enrol("Аистов")
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    saved = await school.save(
        {"lesson_id": lesson["id"], "student_id": str(student), "value": "5", "version": 0},
        headers=school.headers(Role.ORGANIZATION_ADMIN, new_id()),
    )
    assert saved.status_code == 200, saved.text
    await made(office)
    [lesson] = await office.lessons(MONDAY, "day", learners_id=school.group_id)
    assert lesson["state"] == "planned"
