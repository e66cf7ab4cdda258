"""Plans are kept, approved, followed by journals; lessons take their topics in order, cancelled ones shift the rest."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from asu_contracts.access import Role
from servicekit.ids import new_id
from sgo_journal.plans.workbooks import read_plan

from ..factories import MONDAY, SEPTEMBER, YEAR, School
from .desk import a_plan, call, followed, section, topic


def days(count: int, since: date = SEPTEMBER) -> list[date]:
    return [since + timedelta(days=number) for number in range(count)]


async def cancel(school: School, lesson_id: str) -> None:
    """Let a lesson of the past have been cancelled."""
    connection = await school.service.database.connect()
    await connection.execute("UPDATE lesson SET state = 'cancelled' WHERE id = $1", lesson_id)
    await connection.close()


def topics_of(found: dict[str, Any]) -> list[tuple[str | None, int | None]]:
    return [(lesson["topic"], lesson["hour"]) for lesson in found["lessons"]]


def book(*lines: tuple[object, ...]) -> bytes:
    buffer = BytesIO()
    written = xlsxwriter.Workbook(buffer)
    sheet = written.add_worksheet()
    for number, line in enumerate((("Раздел", "Тема", "Часы"), *lines)):
        sheet.write_row(number, 0, line)
    written.close()
    return buffer.getvalue()


async def test_topics_are_replaced_at_the_version_and_keep_their_ids(school: School) -> None:
    plan = await a_plan(school, section("Природа", topic("Лес", 2), topic("Река")), section(None, topic("Итог")))
    assert (plan["hours"], plan["state"], plan["version"]) == (4, "draft", 2)
    forest = plan["sections"][0]["topics"][0]
    path = f"/plans/{plan['id']}/contents"
    moved = [section("Земля", topic("Река и озеро"), {**topic("Лес", 3), "id": forest["id"]})]
    answer = await call(school, "PUT", path, 2, json={"sections": moved})
    assert [one["title"] for one in answer.json()["sections"][0]["topics"]] == ["Река и озеро", "Лес"]
    assert answer.json()["sections"][0]["topics"][1]["id"] == forest["id"]
    assert len(answer.json()["sections"]) == 1
    stale = await call(school, "PUT", path, 2, json={"sections": []})
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
    assert (await call(school, "GET", f"/plans/{plan['id']}")).json() == answer.json()


async def test_a_topic_of_another_plan_is_refused_and_nothing_changes(school: School) -> None:
    mine = await a_plan(school, section(None, topic("Лес")))
    other = await a_plan(school, section(None, topic("Река")))
    foreign = other["sections"][0]["topics"][0]["id"]
    wrong = [section(None, {**topic("Лес"), "id": foreign}, {**topic("Море"), "id": str(new_id())})]
    answer = await call(school, "PUT", f"/plans/{mine['id']}/contents", 2, json={"sections": wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "plan.invalid")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/body/sections/0/topics/0/id", "plan.topic-unknown"),
        ("/body/sections/0/topics/1/id", "plan.topic-unknown"),
    ]
    assert (await call(school, "GET", f"/plans/{mine['id']}")).json() == mine


async def test_a_teacher_reads_colleagues_plans_changes_none_and_copies_them(school: School) -> None:
    dated = {**topic("Лес", 2, homework="Собрать листья"), "planned_on": "2026-09-07"}
    plan = await a_plan(school, section("Природа", dated), textbooks=[{"title": "Плешаков, 1 часть"}])
    colleague = school.headers(Role.TEACHER, new_id())
    assert (await call(school, "GET", f"/plans/{plan['id']}", headers=colleague)).status_code == 200
    refused = await call(school, "PATCH", f"/plans/{plan['id']}", 2, colleague, json={"title": "Моё"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    body = {"academic_year": YEAR + 1, "title": "На будущий год", "grade": 5}
    made = await call(school, "POST", f"/plans/{plan['id']}/copies", headers=colleague, json=body)
    assert made.status_code == 201, made.text
    copied = (await call(school, "GET", f"/plans/{made.json()['id']}", headers=colleague)).json()
    assert (copied["academic_year"], copied["textbooks"]) == (YEAR + 1, [{"title": "Плешаков, 1 часть", "link": None}])
    [one] = copied["sections"][0]["topics"]
    assert (one["title"], one["hours"], one["homework"], one["planned_on"]) == ("Лес", 2, "Собрать листья", None)
    foreign = await School(school.service).open()
    assert (await call(school, "GET", f"/plans/{plan['id']}", headers=foreign.teacher)).status_code == 404


async def test_years_without_partitions_and_unknown_subjects_are_refused(school: School) -> None:
    path = f"/organizations/{school.organization_id}/plans"
    body = {"academic_year": 2050, "subject_id": str(new_id()), "title": "План"}
    answer = await call(school, "POST", path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "plan.invalid")
    assert [error["code"] for error in answer.json()["errors"]] == ["plan.year", "plan.subject-unknown"]


async def test_the_deputy_approves_what_stands_there(school: School) -> None:
    empty = await a_plan(school)
    refused = await call(school, "POST", f"/plans/{empty['id']}/approval", 1, school.admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.empty")
    plan = await a_plan(school, section(None, topic("Лес")))
    path = f"/plans/{plan['id']}"
    assert (await call(school, "POST", f"{path}/approval", 2)).status_code == 403
    approved = await call(school, "POST", f"{path}/approval", 2, school.admin)
    assert (approved.json()["state"], approved.json()["version"]) == ("approved", 3)
    changed = await call(school, "PATCH", path, 3, json={"textbooks": [{"title": "Новый учебник"}]})
    assert (changed.json()["state"], changed.json()["approved_by"]) == ("draft", None)


async def test_lessons_take_topics_in_order_and_a_cancelled_one_shifts_the_rest(school: School) -> None:
    plan = await a_plan(school, section("Природа", topic("Лес", 2), topic("Река"), topic("Море")))
    lessons = [await school.lesson(day) for day in days(3)]
    found = await followed(school, plan)
    assert topics_of(found) == [("Лес", 1), ("Лес", 2), ("Река", 1)]
    assert [(one["title"], one["hours"]) for one in found["unfit"]] == [("Море", 1)]
    await cancel(school, lessons[1])
    path = f"/journals/{await school.journal()}/plan"
    shifted = (await call(school, "GET", path)).json()
    assert topics_of(shifted) == [("Лес", 1), (None, None), ("Лес", 2)]
    assert [one["title"] for one in shifted["unfit"]] == ["Река", "Море"]
    lesson = (await call(school, "GET", f"/lessons/{lessons[0]}")).json()
    assert (lesson["topic"], lesson["topic_id"]) == (None, None)


async def test_a_recorded_topic_stays_with_its_lesson_and_in_the_plan(school: School) -> None:
    plan = await a_plan(school, section(None, topic("Лес"), topic("Река"), topic("Море")))
    [forest, river, sea] = plan["sections"][0]["topics"]
    lessons = [await school.lesson(day) for day in days(2)]
    await followed(school, plan)
    told = await call(school, "PATCH", f"/lessons/{lessons[0]}", 1, json={"topic_id": river["id"]})
    assert (told.json()["topic"], told.json()["topic_id"]) == ("Река", river["id"])
    found = (await call(school, "GET", f"/journals/{await school.journal()}/plan")).json()
    assert [(one["topic"], one["recorded"]) for one in found["lessons"]] == [("Река", True), ("Лес", False)]
    worded = await call(school, "PATCH", f"/lessons/{lessons[1]}", 1, json={"topic_id": forest["id"], "topic": "Бор"})
    assert (worded.json()["topic"], worded.json()["topic_id"]) == ("Бор", forest["id"])
    without = [section(None, {**topic("Море"), "id": sea["id"]})]
    refused = await call(school, "PUT", f"/plans/{plan['id']}/contents", 2, json={"sections": without})
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.topic-held")
    assert (await call(school, "GET", f"/plans/{plan['id']}")).json()["version"] == 2


async def test_a_topic_of_a_plan_the_journal_does_not_follow_is_refused(school: School) -> None:
    plan = await a_plan(school, section(None, topic("Лес")))
    lesson_id = await school.lesson(SEPTEMBER)
    body = {"topic_id": plan["sections"][0]["topics"][0]["id"]}
    answer = await call(school, "PATCH", f"/lessons/{lesson_id}", 1, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "lesson.topic-unknown")
    assert (await call(school, "GET", f"/lessons/{lesson_id}")).json()["version"] == 1


async def test_a_journal_follows_only_a_plan_of_its_subject_grade_and_school(school: School) -> None:
    path = f"/journals/{await school.journal()}/plan"
    of_music = await a_plan(school, subject_id=await school.add_subject("Музыка"))
    of_sixth = await a_plan(school, grade=6)
    foreign = await School(school.service).open()
    abroad = await a_plan(foreign)
    for plan in (of_music, of_sixth, abroad):
        answer = await call(school, "PUT", path, 0, json={"plan_id": plan["id"]})
        assert (answer.status_code, answer.json()["code"]) == (422, "plan.unfit")
    suits = await a_plan(school)
    assert (await call(school, "PUT", path, 0, json={"plan_id": suits["id"]})).json()["version"] == 1
    again = await call(school, "PUT", path, 0, json={"plan_id": None})
    assert (again.status_code, again.json()["code"]) == (412, "version-mismatch")
    assert (await call(school, "PUT", path, 1, json={"plan_id": None})).json()["plan_id"] is None


async def test_a_class_teacher_reads_but_does_not_choose_the_plan_of_a_colleagues_journal(school: School) -> None:
    leader = new_id()
    await school.appoint(leader)
    path, headers = f"/journals/{await school.journal()}/plan", school.headers(Role.TEACHER, leader)
    assert (await call(school, "GET", path, headers=headers)).json()["version"] == 0
    refused = await call(school, "PUT", path, 0, headers, json={"plan_id": None})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_fulfilment_counts_planned_given_and_lag_of_every_journal_of_a_class(school: School) -> None:
    plan = await a_plan(school, section(None, topic("Лес", 2), topic("Река", 2)))
    forest = plan["sections"][0]["topics"][0]["id"]
    lessons = [await school.lesson(day) for day in days(3)]
    await followed(school, plan)
    await call(school, "PATCH", f"/lessons/{lessons[0]}", 1, json={"topic_id": forest})
    await cancel(school, lessons[1])
    music = await school.teach("Музыка", teacher_id=new_id())
    path = f"/journals/{await school.journal()}/fulfilment"
    found = (await call(school, "GET", path, params={"on": "2026-09-03"})).json()
    stands = {name: found[name] for name in ("planned", "due", "given", "lag", "percent", "missing", "lessons_held")}
    assert stands == {
        "planned": 4, "due": 3, "given": 1, "lag": 2, "percent": "25.00", "missing": 2, "lessons_held": 1,
    }  # fmt: skip
    of_class = f"/groups/{school.group_id}/fulfilment"
    all_of_them = (await call(school, "GET", of_class, headers=school.admin)).json()
    assert (all_of_them["on"], [one["title"] for one in all_of_them["items"]]) == (
        MONDAY.isoformat(),
        ["Музыка", "Окружающий мир"],
    )
    assert [one["plan_id"] for one in all_of_them["items"]] == [None, plan["id"]]
    own = (await call(school, "GET", of_class)).json()["items"]
    assert [one["journal_id"] for one in own] == [str(await school.journal())]
    assert str(music) not in str(own)


async def test_a_workbook_goes_out_and_comes_back_with_the_same_topics(school: School) -> None:
    plan = await a_plan(school, section("Природа", topic("Лес", 2), topic("Река")))
    path = f"/plans/{plan['id']}/workbook"
    sent = await call(school, "GET", path)
    assert [(row.section, row.topic, row.hours) for row in read_plan(sent.content)] == [
        ("Природа", "Лес", 2),
        ("Природа", "Река", 1),
    ]
    came = await call(school, "PUT", path, 2, files={"file": ("план.xlsx", sent.content)})
    assert came.status_code == 200, came.text
    assert came.json()["sections"] == plan["sections"]
    assert came.json()["version"] == 3


async def test_every_wrong_cell_of_a_workbook_is_named_and_the_plan_stays(school: School) -> None:
    plan = await a_plan(school, section(None, topic("Лес")))
    path = f"/plans/{plan['id']}/workbook"
    wrong = book(("Природа", "Лес", "много"), ("Природа", None, 2))
    answer = await call(school, "PUT", path, 2, files={"file": ("план.xlsx", wrong)})
    assert (answer.status_code, answer.json()["code"]) == (422, "plan-workbook.rows")
    assert [error["code"] for error in answer.json()["errors"]] == ["plan-workbook.hours", "plan-workbook.empty-cell"]
    no_book = await call(school, "PUT", path, 2, files={"file": ("план.xlsx", b"text")})
    assert (no_book.status_code, no_book.json()["code"]) == (415, "plan-workbook.format-unknown")
    large = await call(school, "PUT", path, 2, files={"file": ("план.xlsx", b"PK" * (3 * 1024 * 1024))})
    assert (large.status_code, large.json()["code"]) == (413, "plan-workbook.file-too-large")
    assert (await call(school, "GET", f"/plans/{plan['id']}")).json() == plan
