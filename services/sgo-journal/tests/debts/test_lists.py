"""Open debts: of a teacher's journals, of a class, of a school; of a child together with overdue homework."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import StudentMerged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received

from ..alerts.samples import alerts_of
from ..closings.samples import FRIDAY, WEEK
from ..closings.test_closings import check, close, places
from ..diary.test_news import diaries, family, news
from ..factories import MONDAY, School, audited, guardianship, hear, mark, profile
from ..homework.room import give
from .samples import asked, debts, saved, stand, tasks


def day(number: int) -> str:
    return (MONDAY + timedelta(days=number)).isoformat()


async def test_debts_stand_by_their_day_page_by_page_until_they_are_closed(school: School) -> None:
    students = await school.enrol("Аистов", "Белов", "Ветров", "Гусев", "Дроздов")
    lesson = await school.lesson()
    due = (day(3), None, day(1), day(3), None)
    cells = [mark(lesson, one, "debt", due_on=on) for one, on in zip(students, due, strict=True)]
    await saved(school, *cells)
    stand(school, 2)
    found = await debts(school)
    assert [(one["due_on"], one["overdue"]) for one in found] == [
        (day(1), True), (day(3), False), (day(3), False), (None, False), (None, False),
    ]  # fmt: skip
    assert (found[0]["student"], found[0]["subject"], found[0]["date"]) == ("Ветров Алиса", "Окружающий мир", day(0))
    for limit in (1, 2, 3, 4, 5):
        paged, after = [], None
        while True:
            page = (await asked(school, limit=limit, **({} if after is None else {"after": after}))).json()
            paged += page["items"]
            after = page["next"]
            if after is None:
                break
        assert paged == found, limit
    assert [one["student_id"] for one in await debts(school, overdue=True)] == [str(students[2])]
    await saved(school, mark(lesson, students[2], "4", found[0]["version"]))
    assert len(await debts(school)) == 4
    for after in ("x", "none", "none.1", "2026-13-01.x", f"x.{new_id().hex}", day(1)):
        assert (await asked(school, after=after)).status_code == 422, after


async def test_who_sees_which_debts(school: School) -> None:
    [student] = await school.enrol("Образцова")
    far = await School(school.service).open()
    colleague, leader, stranger = [await school.hire(name) for name in ("Музыкантова", "Классная", "Чужая")]
    music = await school.teach("Музыка", teacher_id=colleague)
    theirs, leads = school.headers(Role.TEACHER, colleague), school.headers(Role.TEACHER, leader)
    await school.appoint(leader)
    await saved(school, mark(await school.lesson(), student, "debt"))
    lesson = await school.lesson(number=2, journal_id=music, teacher_id=str(colleague))
    await saved(school, mark(lesson, student, "debt"), journal_id=music, headers=theirs)

    async def subjects(headers: dict[str, str], **params: str) -> list[str]:
        return sorted(one["subject"] for one in await debts(school, headers, **params))

    assert await subjects(school.teacher) == ["Окружающий мир"]
    assert await subjects(theirs) == ["Музыка"]
    for headers in (leads, school.admin, school.headers(Role.COORDINATOR, new_id())):
        assert await subjects(headers) == ["Музыка", "Окружающий мир"]
    assert await subjects(school.headers(Role.TEACHER, stranger)) == []
    assert await subjects(school.admin, journal_id=str(music)) == ["Музыка"]
    assert await subjects(school.teacher, journal_id=str(music)) == []
    assert await subjects(school.admin, learners_id=str(school.group_id)) == ["Музыка", "Окружающий мир"]
    assert (
        await subjects(school.admin, student_id=str(new_id()))
        == await subjects(school.admin, academic_year="2025")
        == []
    )
    assert (await asked(school, far.admin)).status_code == 404
    guardian = school.headers(Role.GUARDIAN, new_id())
    assert (await asked(school, guardian)).status_code == 403
    assert ("teacher", "debts.read", [student]) in await audited(school)


async def test_debts_of_subgroups_are_of_the_class_and_a_cancelled_lesson_has_none(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    left, _ = await school.divide([first], [second])
    english = await school.teach("Английский язык", learners_id=left, of_teaching_group=True)
    lesson = await school.lesson(journal_id=english)
    await saved(school, mark(lesson, first, "debt"), journal_id=english)
    [found] = await debts(school, learners_id=str(school.group_id))
    assert (found["learners_id"], found["subject"]) == (str(left), "Английский язык")
    connection = await school.service.database.connect()
    await connection.execute("UPDATE lesson SET state = 'cancelled' WHERE id = $1", UUID(lesson))
    await connection.close()
    assert await debts(school) == []


async def test_a_family_reads_debts_and_overdue_homework_in_one_list(school: School) -> None:
    child, other = await school.enrol("Своя", "Другая")
    headers = await family(school, child)
    lesson = await school.lesson()
    put = await school.service.client.put(
        f"/lessons/{lesson}/works",
        json={"works": [{"number": 1, "kind": "test", "title": "Проект «Лес»", "weight": 1}]},
        headers={**school.teacher, "If-Match": '"1"'},
    )
    assert put.status_code == 200, put.text
    await saved(school, mark(lesson, child, "debt", due_on=day(2), comment="Жду рисунок"), mark(lesson, other, "debt"))
    homework = await give(school, lesson, due_date=day(1), required=True)
    both = await tasks(school, child, headers)
    assert sorted((one["kind"], one["due_on"], one["overdue"]) for one in both) == [
        ("debt", day(2), False), ("homework", day(1), False),
    ]  # fmt: skip
    stand(school, 3)
    overdue = await tasks(school, child, headers, overdue=True)
    assert {one["kind"]: (one["id"] == homework["id"], one["overdue"]) for one in overdue} == {
        "homework": (True, True), "debt": (False, True),
    }  # fmt: skip
    [debt] = await tasks(school, child, headers, kind="debt")
    assert (debt["text"], debt["comment"], debt["subject"]) == ("Проект «Лес»", "Жду рисунок", "Окружающий мир")
    assert [one["kind"] for one in await tasks(school, child, headers, kind="homework")] == ["homework"]
    first = await tasks(school, child, headers, limit=1)
    assert first + await tasks(school, child, headers, after=first[0]["id"]) == await tasks(school, child, headers)
    period = {"from": day(3), "to": day(9)}
    assert await tasks(school, child, headers, **period) == []
    await saved(school, mark(lesson, child, "5", 1))
    assert await tasks(school, child, headers, kind="debt") == []
    stranger = school.headers(Role.GUARDIAN, new_id())
    refused = await school.service.client.get(
        f"/students/{child}/homework", params={"from": day(0), "to": day(9)}, headers=stranger
    )
    assert refused.status_code == 404


async def test_a_class_teacher_reads_the_debts_of_a_student_and_another_teacher_none(school: School) -> None:
    [child] = await school.enrol("Своя")
    await saved(school, mark(await school.lesson(), child, "debt"))
    leader = await school.hire("Классная")
    await school.appoint(leader)
    [debt] = await tasks(school, child, school.headers(Role.TEACHER, leader))
    assert (debt["kind"], debt["due_on"], debt["overdue"]) == ("debt", None, False)
    period = {"from": day(0), "to": day(9)}
    refused = await school.service.client.get(f"/students/{child}/homework", params=period, headers=school.teacher)
    assert refused.status_code == 404


async def test_the_diary_shows_a_debt_and_its_news_that_it_is_closed(school: School) -> None:
    [child] = await school.enrol("Своя")
    headers = await family(school, child)
    first, second = await school.lesson(), await school.lesson(number=2)
    await saved(school, mark(first, child, "debt", due_on=day(2)), mark(second, child, "debt"))
    told = (await news(school, child, headers))["items"]
    assert sorted((one["text"], one["due_on"], one["closed_debt"]) for one in told if one["due_on"]) == [
        ("•", day(2), None)
    ]
    answer = await school.service.client.get(f"/students/{child}/diary", params={"week": day(0)}, headers=headers)
    shown = {one["lesson_id"]: one["marks"][0] for one in answer.json()["days"][0]["lessons"]}
    assert (shown[first]["debt"], shown[first]["due_on"], shown[second]["due_on"]) == (True, day(2), None)
    stand(school, 1)
    seen = {"seen_to": school.service.runtime.clock.now().isoformat()}
    await school.service.client.post(f"/students/{child}/diary/visit", json=seen, headers=headers)
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 9, 9, tzinfo=UTC))
    await saved(school, mark(first, child, "4", 1), mark(second, child, None, 1))
    await saved(school, mark(first, child, "5", 2))
    told = (await news(school, child, headers))["items"]
    found = {one["lesson_id"]: (one["kind"], one["text"], one["closed_debt"], one["due_on"]) for one in told}
    assert found == {first: ("mark", "5", "•", None), second: ("mark", None, "•", None)}
    assert await diaries(school, headers) == {str(child): 2}


async def test_closing_debts_late_and_many_at_once_is_nothing_unusual(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lessons = [await school.lesson(number=number) for number in range(1, 7)]
    await saved(school, *(mark(lesson, student, "debt", due_on=day(20)) for lesson in lessons))
    stand(school, 10)
    await saved(school, *(mark(lesson, student, "5", 1) for lesson in lessons))
    assert await alerts_of(school) == []


async def test_a_period_is_closed_with_open_debts_for_a_reason_alone(school: School) -> None:
    await school.set_year(WEEK)
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson(FRIDAY)
    await saved(school, mark(lesson, student, "debt", due_on=FRIDAY.isoformat()))
    assert (await check(school))["debt"] == 1
    [debt] = (await places(school, "debt"))["items"]
    assert (debt["student_id"], debt["due_on"]) == (str(student), "2026-09-04")
    [topic] = (await places(school, "topic"))["items"]
    assert topic["due_on"] is None
    refused = await close(school)
    assert (refused.status_code, refused.json()["gaps"]["debt"]) == (409, 1)
    await saved(school, mark(lesson, student, "3", 1))
    assert (await check(school))["debt"] == 0


async def test_debts_of_a_merged_card_are_of_the_child_it_was_merged_into(school: School) -> None:
    [absorbed] = await school.enrol("Прежняя")
    survivor, guardian = new_id(), new_id()
    await hear(school.service, profile(survivor, "Новая"), guardianship(guardian, survivor))
    await saved(school, mark(await school.lesson(), absorbed, "debt", due_on=day(2)))
    await hear(school.service, received(StudentMerged(student_id=absorbed, merged_into=survivor), version=4))
    [debt] = await debts(school)
    assert (debt["student_id"], debt["student"]) == (str(survivor), "Новая Алиса")
    [task] = await tasks(school, survivor, school.headers(Role.GUARDIAN, guardian))
    assert (task["id"], task["due_on"]) == (debt["id"], day(2))
