"""Inspections: gaps found become remarks, a remark goes from its teacher back to the inspector, nothing is changed silently."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import asyncpg
import httpx
import pytest
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from sgo_journal.inspections import findings

from ..closings.samples import FRIDAY, WEEK
from ..factories import KRASNODAR, MONDAY, SOCHI, YEAR, School, audited, calendar, hear, mark
from .samples import DUE, begun, inspection, remarked


async def call(
    school: School, method: str, path: str, version: int | None = None, *, headers: Any = None, **body: Any
) -> httpx.Response:
    """A call of the office unless told otherwise."""
    keys = {**(headers or school.admin), **({} if version is None else {"If-Match": f'"{version}"'})}
    return await school.service.client.request(method, path, json=body or None, headers=keys)


async def listed(school: School, headers: Any = None, **asked: Any) -> list[dict[str, Any]]:
    answer = await school.service.client.get(
        f"/organizations/{school.organization_id}/remarks",
        params={"academic_year": YEAR, **asked},
        headers=headers or school.admin,
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def refs(*items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": one["id"], "version": one["version"]} for one in items]


def stand_on(school: School, day: date) -> None:
    school.service.runtime.clock = FixedClock(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


async def test_what_is_missing_is_proposed_once_with_who_is_to_mend_it(school: School) -> None:
    await school.hire("Иванова", school.teacher_id)
    [student] = await school.enrol("Петров")
    lesson = await school.lesson()
    await school.save(mark(lesson, student, "debt"))
    made = await begun(school)
    assert made["found"] == {"proposed": 4, "more": False}
    found = {one["kind"]: one for one in await listed(school, inspection_id=made["id"])}
    assert set(found) == {"topic", "attendance", "homework", "debt"}
    assert {one["state"] for one in found.values()} == {"proposed"}
    assert {one["lesson_id"] for one in found.values()} == {lesson}
    assert {one["teacher_id"] for one in found.values()} == {str(school.teacher_id)}
    assert (found["debt"]["student_id"], found["topic"]["student_id"]) == (str(student), None)
    again = await call(school, "POST", f"/inspections/{made['id']}/search")
    assert again.json() == {"proposed": 0, "more": False}
    assert await listed(school, school.teacher) == []  # nobody is told of what is not decided


async def test_a_search_stops_at_its_limit_and_the_next_goes_on(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "MOST", 2)
    await school.lesson()
    made = await begun(school)
    assert made["found"] == {"proposed": 2, "more": True}
    assert len(await listed(school, inspection_id=made["id"])) == 2
    path = f"/inspections/{made['id']}/search"
    assert (await call(school, "POST", path)).json() == {"proposed": 1, "more": False}
    assert (await call(school, "POST", path)).json() == {"proposed": 0, "more": False}


async def test_a_total_of_a_period_that_ended_within_the_days_is_missed(school: School) -> None:
    await hear(school.service, calendar(school.organization_id, WEEK))
    [student] = await school.enrol("Петров")
    lesson = await school.lesson(FRIDAY)
    days = {"first_day": FRIDAY.isoformat(), "last_day": date(2026, 9, 6).isoformat()}
    made = await begun(school, **days)
    [total] = [one for one in await listed(school, inspection_id=made["id"]) if one["kind"] == "total"]
    assert (total["student_id"], total["lesson_id"]) == (str(student), None)
    assert total["text"] == "Нет итоговой отметки: 1 четверть"
    earlier = await begun(school, **{**days, "last_day": FRIDAY.isoformat()})
    assert "total" not in {one["kind"] for one in await listed(school, inspection_id=earlier["id"])}
    assert lesson in {one["lesson_id"] for one in await listed(school, inspection_id=earlier["id"])}


async def test_a_remark_goes_to_its_teacher_and_back_and_its_history_keeps_every_word(school: School) -> None:
    lesson = await school.lesson()
    made = await begun(school)
    found = await listed(school, inspection_id=made["id"])
    path = f"/inspections/{made['id']}/decisions"
    assert (await call(school, "POST", path, step="confirm", remarks=refs(*found))).json()["code"] == "remarks.deadline"
    topic, *others = sorted(found, key=lambda one: one["kind"] != "topic")
    confirmed = await call(school, "POST", path, step="confirm", due_on=DUE, remarks=refs(topic))
    assert confirmed.status_code == 200, confirmed.text
    await call(school, "POST", path, step="dismiss", comment="Не задано", remarks=refs(*others))
    [mine] = await listed(school, school.teacher)
    assert (mine["id"], mine["state"], mine["lesson_id"]) == (topic["id"], "open", lesson)
    one = f"/remarks/{topic['id']}"
    answered = await call(school, "POST", f"{one}/answer", 2, headers=school.teacher, comment="Тема записана")
    assert answered.json()["state"] == "mended"
    again = await call(school, "POST", f"{one}/answer", 3, headers=school.teacher, comment="Ещё раз")
    assert (again.status_code, again.json()["code"]) == (409, "remarks.state")
    back = await call(
        school, "POST", path, step="return", due_on="2026-09-25", comment="Темы нет", remarks=refs(answered.json())
    )
    assert back.json()["items"][0]["state"] == "open"
    changed = await call(school, "PATCH", one, 4, text="Запишите тему урока")
    assert changed.status_code == 200, changed.text
    cleared = await call(school, "POST", path, step="clear", remarks=refs(changed.json()))
    assert cleared.json()["items"][0]["state"] == "cleared"
    history = (await call(school, "GET", one, headers=school.teacher)).json()["changes"]
    assert [(was["state"], was["comment"]) for was in history] == [
        ("proposed", None),
        ("open", None),
        ("mended", "Тема записана"),
        ("open", "Темы нет"),
        ("open", "Темы нет"),
        ("cleared", None),
    ]
    assert [was["text"] for was in history[-3:]] == [
        "Не записана тема урока",
        "Запишите тему урока",
        "Запишите тему урока",
    ]
    assert history[2]["changed_by"] == str(school.teacher_id)
    assert ("teacher", "remarks.read") in {entry[:2] for entry in await audited(school)}


async def test_a_decision_on_many_is_taken_whole_or_not_at_all(school: School) -> None:
    await school.lesson()
    made = await begun(school)
    first, *rest = await listed(school, inspection_id=made["id"])
    path = f"/inspections/{made['id']}/decisions"
    stale = [{**refs(first)[0], "version": 7}, *refs(*rest)]
    refused = await call(school, "POST", path, step="dismiss", remarks=stale)
    assert (refused.status_code, refused.json()["code"]) == (409, "remarks.changed")
    wrong = await call(school, "POST", path, step="clear", remarks=refs(first, *rest))
    assert (wrong.status_code, wrong.json()["code"]) == (409, "remarks.state")
    other = await remarked(school)
    foreign = await call(school, "POST", path, step="withdraw", remarks=refs(other))
    assert foreign.json()["code"] == "remarks.changed"
    late = await call(school, "POST", path, step="confirm", due_on="2026-09-06", remarks=refs(first))
    assert late.json()["code"] == "remarks.deadline"
    assert {one["state"] for one in await listed(school, inspection_id=made["id"])} == {"proposed"}


async def test_an_inspection_ends_when_everything_found_is_decided(school: School) -> None:
    await school.lesson()
    made = await begun(school)
    path = f"/inspections/{made['id']}"
    early = await call(school, "POST", f"{path}/conclusion", 1, conclusion="В порядке")
    assert (early.status_code, early.json()["code"]) == (409, "inspections.undecided")
    found = await listed(school, inspection_id=made["id"])
    await call(school, "POST", f"{path}/decisions", step="confirm", due_on="2026-09-07", remarks=refs(*found))
    assert (await call(school, "POST", f"{path}/conclusion", 2, conclusion="x")).status_code == 412
    done = await call(school, "POST", f"{path}/conclusion", 1, conclusion="Заполнить журнал")
    assert (done.json()["conclusion"], done.json()["remarks"], done.json()["overdue"]) == (
        "Заполнить журнал",
        {"open": 3},
        0,
    )
    assert (await call(school, "POST", f"{path}/search")).json()["code"] == "inspections.finished"
    assert await listed(school, overdue=True) == []  # the day itself is still in time
    stand_on(school, date(2026, 9, 8))
    assert len(await listed(school, school.teacher, overdue=True)) == 3
    assert (await call(school, "GET", path)).json()["overdue"] == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"last_day": "2026-09-08"}, "inspections.days"),
        ({"first_day": "2026-09-08"}, "inspections.days"),
        ({"first_day": "2026-08-31"}, "inspections.days"),
        ({"subject_id": str(new_id())}, "inspections.nothing"),
        ({"teacher_id": str(new_id())}, "inspections.nothing"),
    ],
)
async def test_what_cannot_be_inspected_is_refused(school: School, body: dict[str, Any], code: str) -> None:
    await school.journal()
    path = f"/organizations/{school.organization_id}/inspections"
    answer = await call(school, "POST", path, **inspection(**body))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_scope_takes_journals_of_a_class_with_its_subgroups_or_of_a_teacher(school: School) -> None:
    students = await school.enrol("Первый", "Второй")
    [subgroup] = (await school.divide(students[:1]))[:1]
    whole, other = await school.journal(), new_id()
    parted = await school.teach("Язык", learners_id=subgroup, of_teaching_group=True, teacher_id=other)
    by_class = await begun(school, learners_ids=[str(school.group_id)])
    assert by_class["journals"] == sorted([str(whole), str(parted)])
    assert (await begun(school, teacher_id=str(other)))["journals"] == [str(parted)]


@pytest.mark.parametrize("wrong", ["journal", "lesson", "student", "teacher", "deadline"])
async def test_a_remark_in_a_wrong_place_is_refused(school: School, wrong: str) -> None:
    journal, another = await school.journal(), await school.teach("Музыка")
    tuesday = await school.lesson(date(2026, 9, 8))
    made = await begun(school, journal_ids=[str(journal)])
    body: dict[str, Any] = {
        "journal_id": str(journal),
        "kind": "other",
        "text": "Исправить",
        "due_on": MONDAY.isoformat(),
    }
    body |= {
        "journal": {"journal_id": str(another)},
        "lesson": {"lesson_id": tuesday},
        "student": {"student_id": str(new_id())},
        "teacher": {"teacher_id": str(new_id())},
        "deadline": {"due_on": "2026-09-06"},
    }[wrong]
    answer = await call(school, "POST", f"/inspections/{made['id']}/remarks", **body)
    code = {"teacher": "remarks.teacher", "deadline": "remarks.deadline"}.get(wrong, "remarks.place")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await listed(school, inspection_id=made["id"]) == []


async def test_another_teacher_neither_sees_nor_answers_a_remark(school: School) -> None:
    made = await remarked(school)
    other = school.headers(Role.TEACHER, new_id())
    assert await listed(school, other) == []
    answer = await call(school, "POST", f"/remarks/{made['id']}/answer", 1, headers=other, comment="Сделано")
    assert answer.status_code == 404


BODIES: list[tuple[Role, dict[str, Any]]] = [
    (Role.REGION_ADMIN, {}),
    (Role.MINISTRY_OFFICER, {}),
    (Role.MUNICIPALITY_OPERATOR, {"municipality": KRASNODAR}),
]


@pytest.mark.parametrize(("role", "unit"), BODIES)
async def test_a_body_reads_what_was_found_and_nobody_of_the_students(
    school: School, role: Role, unit: dict[str, Any]
) -> None:
    [student] = await school.enrol("Секретова")
    of_student = await remarked(
        school, student_id=str(student), kind="total", text="Секретовой Алисе нет отметки", due_on=MONDAY.isoformat()
    )
    made, body = of_student["inspection_id"], school.service.tokens.headers(role, **unit)
    of_journal = (await call(school, "POST", f"/inspections/{made}/remarks", **words(of_student))).json()
    answer = f"/remarks/{of_student['id']}/answer"
    await call(school, "POST", answer, 1, headers=school.teacher, comment="Секретова болела")
    await school.lesson()
    await call(
        school, "POST", f"/inspections/{made}/search"
    )  # what is found and not decided is the school's own affair
    stand_on(school, date(2026, 9, 8))
    path = f"/organizations/{school.organization_id}"
    inspections = await call(school, "GET", f"{path}/inspections?academic_year={YEAR}", headers=body)
    assert [one["id"] for one in inspections.json()["items"]] == [made]
    counted = (await call(school, "GET", f"/inspections/{made}", headers=body)).json()
    assert (counted["remarks"], counted["overdue"]) == ({"open": 1, "mended": 1, "proposed": 3}, 2)
    shown = await listed(school, body)
    assert [(one["id"], one["text"], one["student_id"], one["comment"]) for one in shown] == [
        (of_student["id"], "итоговые отметки", None, None),
        (of_journal["id"], "Мало отметок", None, None),
    ]
    assert (await call(school, "GET", f"/remarks/{of_student['id']}", headers=body)).status_code == 403
    assert (await call(school, "POST", f"/inspections/{made}/search", headers=body)).status_code == 403
    reading = [action for by, action, _ in await audited(school) if by == role]
    assert reading == ["inspections.list", "inspection.read", "remarks.read"]


def words(remark: dict[str, Any]) -> dict[str, Any]:
    return {"journal_id": remark["journal_id"], "kind": "marks", "text": "Мало отметок", "due_on": MONDAY.isoformat()}


async def test_a_body_of_elsewhere_reads_nothing(school: School) -> None:
    made = await remarked(school)
    stranger = school.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI)
    path = f"/organizations/{school.organization_id}"
    for hidden in (
        f"{path}/inspections?academic_year={YEAR}",
        f"{path}/remarks?academic_year={YEAR}",
        f"/inspections/{made['inspection_id']}",
    ):
        assert (await call(school, "GET", hidden, headers=stranger)).status_code == 404


async def test_no_remark_is_changed_past_its_history(school: School) -> None:
    made = await remarked(school)
    application = await asyncpg.connect(school.service.database.url)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await application.execute("UPDATE remark SET text = 'иное' WHERE id = $1", made["id"])
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await application.execute("UPDATE remark SET student_id = $1, version = 2 WHERE id = $2", new_id(), made["id"])
    await application.close()


async def test_the_certificate_and_the_page_of_remarks_are_printed(school: School) -> None:
    await school.hire("Иванова", school.teacher_id)
    [student] = await school.enrol("Петров")
    made = await remarked(school, student_id=str(student), due_on=MONDAY.isoformat())
    stand_on(school, date(2026, 9, 8))
    path = f"/organizations/{school.organization_id}/reports"
    asked = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
    keys: dict[str, Any] = {"headers": school.admin}
    report = (await school.service.client.get(f"{path}/inspections", params=asked, **keys)).json()
    inspections, teachers, listing = report["sections"]
    assert inspections["rows"][0][3:] == [1, 0, 1, 1, "не завершена"]
    assert teachers["rows"] == [["Иванова Мария", 1, 0, 1, 1]]
    assert listing["rows"][0][5].startswith("Мало отметок (Петров")
    assert listing["rows"][0][-1] == "не устранено; срок истёк"
    workbook = await school.service.client.get(f"{path}/remarks", params={**asked, "format": "xlsx"}, **keys)
    rows = CalamineWorkbook.from_filelike(BytesIO(workbook.content)).get_sheet_by_index(0).to_python()
    assert "Мало отметок" in str(rows)
    printed = await school.service.client.get(f"{path}/inspections", params={**asked, "format": "pdf"}, **keys)
    assert printed.content.startswith(b"%PDF")
    own = await school.service.client.get(f"{path}/remarks", params=asked, headers=school.teacher)
    assert len(own.json()["sections"][0]["rows"]) == 1
    other = school.headers(Role.TEACHER, new_id())
    foreign = await school.service.client.get(f"{path}/remarks", params=asked, headers=other)
    assert foreign.json()["sections"][0]["rows"] == []
    assert made["overdue"] is False
