"""Weeks of the timetable and the schedule of assessments as files."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from ..assessments.test_assessments import plan
from ..factories import MONDAY, School, audited, entry, hear
from .office import Office, line

WEEK = {"from": MONDAY.isoformat(), "to": "2026-09-13"}


@pytest.fixture
async def office(school: School) -> Office:
    """Two classes with a lesson on Mondays, the second class of the tenth grade; one has another on Tuesdays, in a room."""
    office = await Office.of(school, today=MONDAY)
    await school.hire("Иванова", school.teacher_id)
    await hear(school.service, entry("control", "Контрольная работа"))
    room, ours = await school.add_room(), await school.journal()
    music = await school.teach("Музыка", learners_id=await office.another_class("10 «Б»"), teacher_id=school.teacher_id)
    await office.published(line(ours, 1, 1), line(ours, 2, 2, room_id=room), line(music, 1, 2), since=MONDAY)
    office.stand_at(MONDAY, 4)
    return office


async def file(office: Office, path: str, **params: Any) -> httpx.Response:
    answer = await office.school.service.client.get(
        f"/organizations/{office.school.organization_id}{path}/file", params=params, headers=office.keys
    )
    assert answer.status_code == 200, answer.text
    return answer


def sheets(answer: httpx.Response) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def test_a_week_of_a_class_and_of_a_teacher_is_a_grid(office: Office) -> None:
    school = office.school
    [_, tuesday] = await office.lessons(MONDAY, learners_id=school.group_id)
    await office.call("POST", f"/lessons/{tuesday['id']}/cancellation", tuesday["version"], reason="Больна")
    of_class = sheets(await file(office, "/timetable", date=MONDAY, learners_id=school.group_id, format="xlsx"))
    rows = [row[:3] for row in of_class["Расписание"]]
    assert ["Урок", "Понедельник, 07.09", "Вторник, 08.09"] in rows
    assert [1, "Окружающий мир, Иванова Мария", ""] in rows
    assert [2, "", "Окружающий мир, Иванова Мария, каб. 21, отменён"] in rows
    assert "Расписание уроков: 5 «А»" in str(of_class["Об отчёте"])
    of_teacher = sheets(await file(office, "/timetable", date=MONDAY, teacher_id=school.teacher_id, format="xlsx"))
    assert [2, "Музыка, 10 «Б»"] in [row[:2] for row in of_teacher["Расписание"]]
    assert "Больна" not in str([of_class, of_teacher])
    assert ("organization_admin", "timetable.print", [school.teacher_id]) in await audited(school)


async def test_a_week_of_the_school_is_a_sheet_a_day_by_class(office: Office) -> None:
    book = sheets(await file(office, "/timetable", date=MONDAY, format="xlsx"))
    assert "Понедельник 07.09" in book
    shown = [row[:4] for row in book["Понедельник 07.09"]]
    first, second = (shown.index(row) for row in (
        ["5 «А»", 1, "08:30–09:10", "Окружающий мир"], ["10 «Б»", 2, "09:20–10:00", "Музыка"]
    ))  # fmt: skip
    assert first < second


@pytest.mark.parametrize("path", ["/timetable", "/assessments"])
async def test_each_is_a_document_too(office: Office, path: str) -> None:
    answer = await file(office, path, **({"date": MONDAY} if path == "/timetable" else WEEK))
    assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


async def test_the_schedule_of_assessments_is_printed_as_it_is_published(office: Office) -> None:
    school = office.school
    [monday, tuesday] = await office.lessons(MONDAY, learners_id=school.group_id)
    assert (await plan(office, monday["id"])).status_code == 201
    path = f"/organizations/{school.organization_id}/assessments"
    await office.call("POST", f"{path}/publication", valid_from=MONDAY.isoformat(), valid_to="2026-09-14")
    assert (await plan(office, tuesday["id"], title="Ещё не решено")).status_code == 201
    book = sheets(await file(office, "/assessments", **WEEK, format="xlsx"))
    assert ["07.09.2026", 1, "5 «А»", "Окружающий мир", "Контрольная работа", "Входная", "школьная"] in book[
        "График контрольных работ"
    ]
    assert "Ещё не решено" not in str(book)
    wrong = await school.service.client.get(
        f"{path}/file", params={"from": "2026-09-01", "to": "2027-09-02"}, headers=office.keys
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "assessment.days")
