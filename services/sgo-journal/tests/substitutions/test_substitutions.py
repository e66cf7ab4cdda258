"""Absences, ranked substitutes, lessons given to others and back, hours and the board of a day."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from servicekit.ids import new_id
from sgo_journal.substitutions import service

from ..factories import MONDAY, School, audited, building, hear, load, mark
from ..timetable.office import Office
from .samples import away

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
async def office(school: School) -> Office:
    """A class has lessons 1 to 3 on Monday; its teacher has a post in the school."""
    office = await Office.of(school, today=MONDAY)
    await school.hire("Иванова", school.teacher_id)
    await school.set_lessons(*[await school.planned(number=number) for number in (1, 2, 3)])
    return office


async def absent(office: Office, **more: Any) -> str:
    path = f"/organizations/{office.school.organization_id}/absences"
    answer = await office.call("POST", path, **away(office.school.teacher_id, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def proposals(office: Office, absence_id: str, **params: Any) -> list[dict[str, Any]]:
    answer = await office.school.service.client.get(
        f"/absences/{absence_id}/lessons", params=params, headers=office.keys
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def arrange(office: Office, absence_id: str, *lessons: dict[str, Any]) -> httpx.Response:
    return await office.call("POST", f"/absences/{absence_id}/substitutions", lessons=list(lessons))


def given(lesson: dict[str, Any], teacher_id: UUID | None, **more: Any) -> dict[str, Any]:
    return {
        "lesson_id": lesson["id"],
        "version": lesson["version"],
        "action": "replace",
        "teacher_id": None if teacher_id is None else str(teacher_id),
        **more,
    }


async def another(office: Office, last_name: str, subject_title: str, *numbers: int, **more: Any) -> UUID:
    """A teacher of another class with lessons on Monday."""
    school = office.school
    teacher = await school.hire(last_name)
    journal = await school.teach(
        subject_title, learners_id=await office.another_class(new_id().hex), teacher_id=teacher, **more
    )
    planned = [await school.planned(number=one, journal_id=str(journal), teacher_id=str(teacher)) for one in numbers]
    if planned:
        await school.set_lessons(*planned)
    return teacher


async def test_substitutes_are_ranked_and_each_reason_is_told(office: Office) -> None:
    school = office.school
    subject_id = await school.add_subject("Чтение")
    reading = await school.teach(subject_id=subject_id)
    await school.set_lessons(await school.planned(number=4, journal_id=str(reading)))
    same = await another(office, "Своя", "Чтение", 5, subject_id=subject_id)
    window = await another(office, "Окно", "Музыка", 3, 5)
    busy = await another(office, "Занятая", "Труд", 4)
    [proposal] = [one for one in await proposals(office, await absent(office)) if one["lesson"]["number"] == 4]
    assert [one["teacher_id"] for one in proposal["candidates"]] == [str(same), str(window)]
    assert str(busy) not in str(proposal)
    first, second = ({part["code"]: part["points"] for part in one["parts"]} for one in proposal["candidates"])
    assert first == {"subject": 40, "at-school": 5, "day": -2, "week": 0}
    assert second == {"area": 20, "window": 10, "day": -4, "week": 0}
    assert [one["points"] for one in proposal["candidates"]] == [43, 26]
    assert {"code": "window", "points": 10, "title": "Закрывает «окно»"} in proposal["candidates"][1]["parts"]
    assert (proposal["options"], proposal["teacher"]) == (["replace", "move", "cancel"], "Иванова Мария")
    assert ("organization_admin", "substitutions.propose") in {one[:2] for one in await audited(school)}


async def test_who_teaches_a_journal_without_a_subject_replaces_by_the_subject(office: Office) -> None:
    school = office.school
    club = (await opened(office, "Кружок")).json()
    other = (await opened(office, "Хор")).json()
    second, stranger = [await school.hire(name) for name in ("Вторая", "Чужая")]
    for journal, teacher in ((club, school.teacher_id), (club, second), (other, stranger)):
        days = {"valid_from": "2026-09-01", "valid_to": "2027-06-01"}
        body: dict[str, Any] = {"teacher_id": str(teacher), "hours_week": "1", **days}
        answer = await office.call("POST", f"/journals/{journal['id']}/teachers", **body)
        assert answer.status_code == 201, answer.text
    lessons = [await school.planned(number=number, journal_id=club["id"]) for number in (5, 6)]
    await school.set_lessons(*lessons)
    absence = await absent(office)
    found = {one["lesson"]["number"]: one for one in await proposals(office, absence)}
    parts = {
        one["teacher_id"]: [part["code"] for part in one["parts"] if part["code"] in {"subject", "area"}]
        for one in found[5]["candidates"]
    }
    assert parts == {str(second): ["subject"], str(stranger): []}
    made = await arrange(office, absence, given(found[5]["lesson"], second), given(found[6]["lesson"], stranger))
    assert made.status_code == 201, made.text
    path = f"/organizations/{school.organization_id}/substitutions?date={MONDAY}"
    board = (await office.call("GET", path)).json()["items"]
    assert [(one["number"], one["teacher"], one["kind"]) for one in board] == [
        (5, "Вторая Мария", "subject"),
        (6, "Чужая Мария", "other"),
    ]


async def opened(office: Office, title: str) -> httpx.Response:
    body: dict[str, Any] = {"learners_id": str(office.school.group_id), "title": title}
    answer = await office.call("POST", f"/organizations/{office.school.organization_id}/journals", **body)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_walk_between_buildings_a_known_class_unavailability_and_absence_count(office: Office) -> None:
    school = office.school
    here, there = new_id(), new_id()
    await hear(
        school.service,
        building(school.organization_id, building_id=here),
        building(school.organization_id, "Второй корпус", building_id=there),
    )
    room = await school.add_room("1", building_id=here)
    far, near = await school.add_room("2", building_id=there), await school.add_room("3", building_id=here)
    journal = await school.teach("Чтение")
    await school.set_lessons(await school.planned(number=4, journal_id=str(journal), room_id=str(room)))
    walks = await another(office, "Дальняя", "Музыка", 5)
    stays = await another(office, "Ближняя", "Физика", 5)
    lessons = await office.lessons(MONDAY)
    for teacher, its_room in ((walks, far), (stays, near)):
        [lesson] = [one for one in lessons if one["teacher_id"] == str(teacher)]
        moved = await office.call("PATCH", f"/lessons/{lesson['id']}/slot", 1, room_id=str(its_room), reason="Так")
        assert moved.status_code == 200, moved.text
    await hear(school.service, load(school.organization_id, school.group_id, new_id(), stays))
    away_too, banned = await another(office, "Больная", "Труд"), await another(office, "Занятая", "ИЗО")
    path = f"/organizations/{school.organization_id}"
    await office.call("POST", f"{path}/absences", **away(away_too, numbers=[4]))
    ban = {**away(banned), "kind": "teacher", "resource_id": str(banned)}
    del ban["teacher_id"]
    assert (await office.call("POST", f"{path}/unavailability", **ban)).status_code == 201
    [proposal] = [one for one in await proposals(office, await absent(office)) if one["lesson"]["number"] == 4]
    found = {
        one["teacher_id"]: {part["code"]: part["points"] for part in one["parts"]} for one in proposal["candidates"]
    }
    assert found.keys() == {str(walks), str(stays)}
    assert (found[str(stays)]["building"], found[str(stays)]["class"]) == (5, 15)
    assert found[str(walks)]["building"] == -10
    assert "class" not in found[str(walks)]


async def test_many_lessons_are_given_at_once_the_journal_follows_and_hours_are_counted(office: Office) -> None:
    school = office.school
    [student] = await school.enrol("Образцов")
    substitute = await another(office, "Петрова", "Музыка")
    absence = await absent(office, reason="Болезнь")
    first, second, third = [one["lesson"] for one in await proposals(office, absence)]
    made = await arrange(
        office, absence, given(first, substitute), given(second, substitute), given(third, None, action="cancel")
    )
    assert made.status_code == 201, made.text
    assert [(one["state"], one["version"]) for one in made.json()["items"]] == [
        ("planned", 2), ("planned", 2), ("cancelled", 2)
    ]  # fmt: skip
    assert {(one["learners"], one["subject"]) for one in made.json()["items"]} == {("5 «А»", "Окружающий мир")}
    lesson = await school.service.client.get(f"/lessons/{first['id']}", headers=school.admin)
    assert "Болезнь" not in lesson.text
    [_, kept] = (await office.call("GET", f"/lessons/{first['id']}/planning")).json()["items"]
    assert (kept["old"]["teacher_id"], kept["new"]["teacher_id"]) == (str(school.teacher_id), str(substitute))
    saved = await school.save(mark(first["id"], student, "5"), headers=school.headers(Role.TEACHER, substitute))
    assert saved.status_code == 200, saved.text
    path = f"/organizations/{school.organization_id}"
    period = f"from={MONDAY}&to={TUESDAY}"
    hours = (await office.call("GET", f"{path}/substitution-hours?{period}")).json()["items"]
    counted = {one["teacher_id"]: (one["own"], one["subject"], one["other"], one["missed"]) for one in hours}
    assert counted == {str(school.teacher_id): (0, 0, 0, 3), str(substitute): (0, 0, 2, 0)}
    board = (await office.call("GET", f"{path}/substitutions?date={MONDAY}")).json()["items"]
    assert [(one["number"], one["own_teacher"], one["teacher"], one["kind"]) for one in board] == [
        (1, "Иванова Мария", "Петрова Мария", "other"),
        (2, "Иванова Мария", "Петрова Мария", "other"),
        (3, "Иванова Мария", None, "cancelled"),
    ]
    printed = await office.call("GET", f"{path}/substitutions/file?date={MONDAY}")
    assert (printed.headers["content-type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    sheet = await office.call("GET", f"{path}/substitution-hours/file?{period}")
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["Иванова Мария", 0, 0, 0]
    assert any(str(row[0]).startswith("Исполнитель: ") for row in rows)
    told = await substituted(office, UUID(first["id"]), UUID(third["id"]))
    assert told == {
        UUID(first["id"]): service.Substituted("other", school.teacher_id, substitute),
        UUID(third["id"]): service.Substituted("cancelled", school.teacher_id, None),
    }


async def substituted(office: Office, *lesson_ids: UUID) -> Any:
    async with office.school.service.runtime.uow() as uow:
        return await service.substituted(uow, office.school.organization_id, 2026, lesson_ids)


async def test_all_are_arranged_or_none_and_clashes_name_both_sides(office: Office) -> None:
    school = office.school
    busy = await another(office, "Петрова", "Музыка", 2)
    free = await another(office, "Сидорова", "Труд")
    absence = await absent(office)
    first, second, _ = [one["lesson"] for one in await proposals(office, absence)]
    clash = await arrange(office, absence, given(first, busy), given(second, busy))
    assert (clash.status_code, clash.json()["code"]) == (409, "timetable.conflicts")
    [error] = clash.json()["errors"]
    assert (error["code"], "Музыка" in error["title"], "Окружающий мир" in error["title"]) == (
        "timetable.teacher-busy", True, True
    )  # fmt: skip
    stale = await arrange(office, absence, given(first, free), given({**second, "version": 7}, free))
    assert (stale.status_code, stale.json()["code"]) == (409, "substitution.changed")
    wrong = {
        "substitution.teacher-unknown": given(first, new_id()),
        "substitution.no-partner": given(first, None, action="combine"),
        "substitution.not-missed": given({"id": str(new_id()), "version": 1}, free),
    }
    for code, one in wrong.items():
        answer = await arrange(office, absence, given(second, free), one)
        assert (answer.status_code, answer.json()["code"]) == (422, "substitution.invalid")
        assert [(error["pointer"].split("/")[3], error["code"]) for error in answer.json()["errors"]] == [("1", code)]
    twice = await arrange(office, absence, given(first, free), given(first, free))
    assert twice.json()["errors"][0]["code"] == "substitution.twice"
    own = await arrange(office, absence, given(first, school.teacher_id))
    assert own.json()["errors"][0]["code"] == "substitution.teacher-unknown"
    assert {one["version"] for one in await office.lessons(MONDAY)} == {1}
    path = f"/organizations/{school.organization_id}/substitutions?date={MONDAY}"
    assert (await office.call("GET", path)).json()["items"] == []


async def test_a_teacher_who_is_away_too_is_refused(office: Office) -> None:
    other = await another(office, "Петрова", "Музыка")
    path = f"/organizations/{office.school.organization_id}/absences"
    assert (await office.call("POST", path, **away(other))).status_code == 201
    absence = await absent(office)
    first = (await proposals(office, absence))[0]["lesson"]
    refused = await arrange(office, absence, given(first, other))
    assert [one["code"] for one in refused.json()["errors"]] == ["timetable.teacher-unavailable"]


async def test_a_substitute_who_falls_ill_is_replaced_in_turn_and_the_own_teacher_stays_the_one_replaced(
    office: Office,
) -> None:
    school = office.school
    path = f"/organizations/{school.organization_id}"
    substitute, third = await another(office, "Петрова", "Музыка"), await another(office, "Сидорова", "Труд")
    absence = await absent(office, numbers=[1])
    [lesson] = [one["lesson"] for one in await proposals(office, absence)]
    assert (await arrange(office, absence, given(lesson, substitute))).status_code == 201
    too = (await office.call("POST", f"{path}/absences", **away(substitute))).json()["id"]
    [missed] = [one["lesson"] for one in await proposals(office, too)]
    own = await arrange(office, too, given(missed, school.teacher_id))
    assert [one["code"] for one in own.json()["errors"]] == ["substitution.own-lesson"]
    again = await arrange(office, too, given(missed, third))
    assert again.status_code == 201, again.text
    board = (await office.call("GET", f"{path}/substitutions?date={MONDAY}")).json()["items"]
    assert [(one["own_teacher"], one["teacher"]) for one in board] == [("Иванова Мария", "Сидорова Мария")]
    assert await proposals(office, too) == []
    assert (await office.call("POST", f"/absences/{too}/withdrawal", 1)).status_code == 200
    assert (await office.lessons(MONDAY))[0]["teacher_id"] == str(third)
    assert (await office.call("POST", f"/absences/{absence}/withdrawal", 1)).status_code == 200
    assert (await office.lessons(MONDAY))[0]["teacher_id"] == str(school.teacher_id)


async def test_a_lesson_goes_back_to_a_teacher_who_is_still_away_and_is_offered_again(office: Office) -> None:
    substitute = await another(office, "Петрова", "Музыка")
    absence = await absent(office, numbers=[1])
    await absent(office, numbers=[1], reason="Курсы")
    [lesson] = [one["lesson"] for one in await proposals(office, absence)]
    await arrange(office, absence, given(lesson, substitute))
    ref = {"lesson_id": lesson["id"], "version": 2}
    restored = await office.call("POST", f"/absences/{absence}/restoration", lessons=[ref])
    assert restored.status_code == 200, restored.text
    assert [(one["learners"], one["subject"]) for one in restored.json()["items"]] == [("5 «А»", "Окружающий мир")]
    [open_again] = await proposals(office, absence)
    assert (open_again["arranged"], open_again["open"], open_again["lesson"]["version"]) == (None, True, 3)


async def test_lessons_go_back_to_their_own_teacher_alone_or_with_the_absence(office: Office) -> None:
    school = office.school
    substitute, later = await another(office, "Петрова", "Музыка"), await another(office, "Сидорова", "Труд")
    absence = await absent(office)
    before = await office.lessons(MONDAY)
    first, second, third = [one["lesson"] for one in await proposals(office, absence)]
    await arrange(
        office, absence, given(first, substitute), given(second, substitute), given(third, None, action="cancel")
    )
    again = await arrange(office, absence, given({**first, "version": 2}, later))
    assert again.status_code == 201, again.text
    ref = {"lesson_id": first["id"], "version": 3}
    restored = await office.call("POST", f"/absences/{absence}/restoration", lessons=[ref])
    assert restored.status_code == 200, restored.text
    none = await office.call("POST", f"/absences/{absence}/restoration", lessons=[{**ref, "version": 4}])
    assert none.json()["errors"][0]["code"] == "substitution.none"
    stale = await office.call("POST", f"/absences/{absence}/withdrawal", 5)
    assert stale.status_code == 412
    withdrawn = await office.call("POST", f"/absences/{absence}/withdrawal", 1)
    assert withdrawn.status_code == 200, withdrawn.text
    after = await office.lessons(MONDAY)
    assert [{**one, "version": None} for one in after] == [{**one, "version": None} for one in before]
    closed = await arrange(office, absence, given({**first, "version": 4}, substitute))
    assert (closed.status_code, closed.json()["code"]) == (409, "absence.withdrawn")
    assert await proposals(office, absence) == []
    hours = f"/organizations/{school.organization_id}/substitution-hours?from={MONDAY}&to={MONDAY}"
    assert [(one["own"], one["missed"]) for one in (await office.call("GET", hours)).json()["items"]] == [(3, 0)]


async def test_what_was_given_stays_with_the_substitute(office: Office) -> None:
    school = office.school
    [student] = await school.enrol("Образцов")
    substitute = await another(office, "Петрова", "Музыка")
    absence = await absent(office)
    first, second, _ = [one["lesson"] for one in await proposals(office, absence)]
    await arrange(office, absence, given(first, substitute), given(second, substitute))
    await school.save(mark(first["id"], student, "5"), headers=school.headers(Role.TEACHER, substitute))
    ref = {"lesson_id": first["id"], "version": 2}
    refused = await office.call("POST", f"/absences/{absence}/restoration", lessons=[ref])
    assert refused.json()["errors"][0]["code"] == "lesson.took-place"
    assert (await office.call("POST", f"/absences/{absence}/withdrawal", 1)).status_code == 200
    kept = {one["id"]: one["teacher_id"] for one in await office.lessons(MONDAY)}
    assert (kept[first["id"]], kept[second["id"]]) == (str(substitute), str(school.teacher_id))


async def test_subgroups_are_taught_together_and_parted_again(office: Office) -> None:
    school = office.school
    one, other = await school.enrol("Первый", "Вторая")
    halves = await school.divide([one], [other])
    room, second_room = await school.add_room("1"), await school.add_room("2")
    partner = await school.hire("Петрова")
    subject_id = await school.add_subject("Английский")
    lessons = []
    for half, teacher, its_room in zip(halves, (school.teacher_id, partner), (room, second_room), strict=True):
        journal = await school.teach(
            subject_id=subject_id, learners_id=half, of_teaching_group=True, teacher_id=teacher
        )
        planned = await school.planned(
            number=5, journal_id=str(journal), teacher_id=str(teacher), room_id=str(its_room)
        )
        lessons += await school.set_lessons(planned)
    absence = await absent(office, numbers=[5])
    [proposal] = await proposals(office, absence)
    assert "combine" in proposal["options"]
    assert [one["lesson_id"] for one in proposal["combine_with"]] == [lessons[1]["id"]]
    asked = given(proposal["lesson"], None, action="combine", with_lesson_id=lessons[1]["id"])
    assert (await arrange(office, absence, asked)).status_code == 201
    [shown] = [one for one in await office.lessons(MONDAY) if one["id"] == lessons[0]["id"]]
    assert (shown["teacher_id"], shown["room_id"]) == (str(partner), str(second_room))
    await office.call("POST", f"/absences/{absence}/withdrawal", 1)
    [shown] = [one for one in await office.lessons(MONDAY) if one["id"] == lessons[0]["id"]]
    assert (shown["teacher_id"], shown["room_id"]) == (str(school.teacher_id), str(room))


async def test_lessons_of_an_absence_come_page_by_page(office: Office) -> None:
    absence = await absent(office)
    client, path = office.school.service.client, f"/absences/{absence}/lessons"
    first = (await client.get(path, params={"limit": 2}, headers=office.keys)).json()
    rest = (await client.get(path, params={"limit": 2, "after": first["next"]}, headers=office.keys)).json()
    assert [one["lesson"]["number"] for one in first["items"] + rest["items"]] == [1, 2, 3]
    assert rest["next"] is None


async def test_a_wrong_absence_is_refused_and_a_right_one_is_changed(office: Office) -> None:
    path = f"/organizations/{office.school.organization_id}/absences"
    own = office.school.teacher_id
    unknown = await office.call("POST", path, **away(new_id()))
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "absence.teacher-unknown")
    for more in ({"valid_to": MONDAY.isoformat()}, {"valid_from": "2026-08-01"}):
        wrong = await office.call("POST", path, **away(own, **more))
        assert (wrong.status_code, wrong.json()["code"]) == (422, "absence.invalid")
    no_year = await office.call("POST", path, **away(own, academic_year=2031))
    assert no_year.json()["code"] == "timetable.no-calendar"
    assert (await office.call("GET", path)).json()["items"] == []
    absence = await absent(office)
    changed = await office.call("PATCH", f"/absences/{absence}", 1, numbers=[3], order_number="12-к")
    assert (changed.json()["numbers"], changed.json()["order_number"], changed.headers["etag"]) == ([3], "12-к", '"2"')
    assert (await office.call("PATCH", f"/absences/{absence}", 1, reason="Так")).status_code == 412
    assert [one["lesson"]["number"] for one in await proposals(office, absence)] == [3]
    days = await office.call(
        "GET", f"/organizations/{office.school.organization_id}/substitution-hours?from=2026-09-02&to=2026-09-01"
    )
    assert (days.status_code, days.json()["code"]) == (422, "substitution.days")
