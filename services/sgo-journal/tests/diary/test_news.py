"""What is new in diaries: everything that was written, once, the newest first, page by page; how much in each child's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id

from ..factories import MONDAY, SEPTEMBER, School, guardianship, hear, mark, movement, noted, placement
from ..timetable.office import Office
from ..totals.columns import save, total


@pytest.fixture
async def office(school: School) -> Office:
    office = await Office.of(school, today=MONDAY)
    await school.hire("Иванова", school.teacher_id)
    return office


async def family(school: School, *children: UUID) -> dict[str, str]:
    person = new_id()
    await hear(school.service, *(guardianship(person, child) for child in children))
    return school.headers(Role.GUARDIAN, person)


async def news(school: School, child: UUID, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = await school.service.client.get(f"/students/{child}/diary/news", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def paged(school: School, child: UUID, headers: dict[str, str], limit: int) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        page = await news(school, child, headers, limit=limit, **({} if after is None else {"after": after}))
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


async def diaries(school: School, headers: dict[str, str]) -> dict[str, int]:
    answer = await school.service.client.get("/diaries", headers=headers)
    assert answer.status_code == 200, answer.text
    return {one["student_id"]: one["news"] for one in answer.json()["items"]}


async def test_everything_new_is_told_once_whatever_the_page(office: Office) -> None:
    school = office.school
    child, other = await school.enrol("Своя", "Другая")
    headers = await family(school, child)
    lessons = [await school.lesson(MONDAY, number) for number in (1, 2, 3)]
    cells = [mark(lesson, one, "5") for lesson in lessons for one in (child, other)]
    assert (await school.save(*cells, attendance=[noted(lessons[0], child, "late")])).status_code == 200
    await school.service.client.post(f"/lessons/{lessons[0]}/homework", json={"text": "§ 3"}, headers=school.teacher)
    await save(school, total(child, "4"), total(other, "3"))
    whole = (await news(school, child, headers))["items"]
    assert sorted(one["kind"] for one in whole) == ["attendance", "homework", "mark", "mark", "mark", "total"]
    assert {one["by"] for one in whole} == {"Иванова Мария"}
    [one] = [one for one in whole if one["kind"] == "total"]
    assert (one["lesson_id"], one["date"], one["subject"], one["text"]) == (None, "2026-10-23", "Окружающий мир", "4")
    for limit in (1, 2, 5, 6, 7):
        assert await paged(school, child, headers, limit) == whole, limit
    for after in ("x", "1.2", f"{10**30}.{new_id().hex}", f"9.{'g' * 32}"):
        wrong = await school.service.client.get(
            f"/students/{child}/diary/news", params={"after": after}, headers=headers
        )
        assert wrong.status_code == 422, after


async def test_of_a_lesson_to_come_the_last_change_is_news_and_of_a_past_one_none(office: Office) -> None:
    school = office.school
    [child] = await school.enrol("Своя")
    headers = await family(school, child)
    past, today = await school.lesson(MONDAY - timedelta(days=3)), await school.lesson(MONDAY)
    office.stand_at(MONDAY - timedelta(days=4))
    for lesson in (past, today):
        moved = await office.call("POST", f"/lessons/{lesson}/cancellation", 1, reason="Морозы")
        assert moved.status_code == 200, moved.text
    assert sorted(one["kind"] for one in (await news(school, child, headers))["items"]) == ["cancelled", "cancelled"]
    office.stand_at(MONDAY)
    back = await office.call("POST", f"/lessons/{today}/restoration", 2, reason="Потеплело")
    assert back.status_code == 200, back.text
    [one] = (await news(school, child, headers))["items"]
    assert (one["kind"], one["lesson_id"], one["by"]) == ("restored", today, None)


async def test_each_diary_tells_how_much_is_new_there(office: Office) -> None:
    school = office.school
    first, second = await school.enrol("Первая", "Вторая")
    stranger = (await school.enrol("Чужая"))[0]
    headers = await family(school, first, second)
    lesson = await school.lesson()
    assert await diaries(school, headers) == {str(first): 0, str(second): 0}
    await school.save(mark(lesson, first, "5"), mark(lesson, stranger, "5"), attendance=[noted(lesson, first, "late")])
    assert await diaries(school, headers) == {str(first): 2, str(second): 0}
    placed = placement(school.organization_id, school.group_id)
    await hear(school.service, movement(first, SEPTEMBER, opened=placed))
    assert await diaries(school, headers) == {str(first): 2, str(second): 0}, "two stays in a class are one"
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 12, tzinfo=UTC))
    seen = {"seen_to": "2026-09-07T12:00:00Z"}
    await school.service.client.post(f"/students/{first}/diary/visit", json=seen, headers=headers)
    assert await diaries(school, headers) == {str(first): 0, str(second): 0}
    itself = school.headers(Role.STUDENT, first)
    assert await diaries(school, itself) == {str(first): 2}, "each reader has visits of one's own"
    assert await diaries(school, school.headers(Role.GUARDIAN, new_id())) == {}
