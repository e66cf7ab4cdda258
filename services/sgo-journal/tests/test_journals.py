"""Journals open with the loads; what follows no load the office opens. Scales and settings are the organization's own."""

from itertools import permutations
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import received

from .factories import SEPTEMBER, School, group, hear, load, mark
from .test_marks import errors


async def journals(school: School, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    path = f"/organizations/{school.organization_id}/journals"
    answer = await school.service.client.get(path, headers=headers or school.admin)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_loads_in_any_order_make_one_journal_with_its_teachers(school: School, order: tuple[int, ...]) -> None:
    subject, first, second = new_id(), new_id(), new_id()
    one = load(school.organization_id, school.group_id, subject, first)
    shorter = one.model_copy(update={"valid_to": SEPTEMBER.replace(day=20)})
    other = load(school.organization_id, school.group_id, subject, second, since=SEPTEMBER.replace(day=20))
    told = [received(one, version=1), received(shorter, version=2), received(other, version=1)]
    for place in order:
        await hear(school.service, told[place])
    [journal] = await journals(school)
    read = (await school.service.client.get(f"/journals/{journal['id']}", headers=school.admin)).json()
    assert [(one["teacher_id"], one["valid_from"], one["valid_to"], one["by_load"]) for one in read["teachers"]] == [
        (str(first), "2026-09-01", "2026-09-20", True),
        (str(second), "2026-09-20", "2027-06-01", True),
    ]


async def test_a_teacher_sees_the_journals_taught(school: School) -> None:
    mine = await school.journal()
    await school.teach("Музыка", teacher_id=new_id())
    assert len(await journals(school)) == 2
    assert [one["id"] for one in await journals(school, school.teacher)] == [str(mine)]
    assert await journals(school, school.headers(Role.TEACHER, new_id())) == []


async def test_the_office_opens_a_journal_of_a_club_and_appoints_its_teacher(school: School) -> None:
    [student] = await school.enrol("Образцова")
    circle = await school.gather(student)
    path = f"/organizations/{school.organization_id}/journals"
    body = {"learners_id": str(circle), "title": "Шахматы", "scale_id": 2}
    opened = await school.service.client.post(path, json=body, headers=school.admin)
    assert opened.status_code == 201, opened.text
    journal = opened.json()
    assert (journal["of_teaching_group"], journal["subject_id"]) == (True, None)
    taken = await school.service.client.post(path, json=body, headers=school.admin)
    assert (taken.status_code, taken.json()["code"]) == (409, "journal.exists")
    for wrong, code in (
        ({"learners_id": str(new_id()), "title": "Го"}, "journal.learners-unknown"),
        ({**body, "title": "Го", "scale_id": 77}, "journal.scale-unknown"),
    ):
        refused = await school.service.client.post(path, json=wrong, headers=school.admin)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    teaching = {
        "teacher_id": str(school.teacher_id),
        "hours_week": "1",
        "valid_from": "2026-09-01",
        "valid_to": "2027-06-01",
    }
    teachers = f"/journals/{journal['id']}/teachers"
    beyond = await school.service.client.post(
        teachers, json={**teaching, "valid_to": "2028-06-01"}, headers=school.admin
    )
    assert (beyond.status_code, beyond.json()["code"]) == (422, "journal.teaching-dates")
    await school.hire("Образцова", school.teacher_id)
    assert (await school.service.client.post(teachers, json=teaching, headers=school.admin)).status_code == 201
    lesson_id = await school.lesson(journal_id=journal["id"])
    assert (await school.save(mark(lesson_id, student, "pass"), journal_id=journal["id"])).status_code == 200
    assert errors(await school.save(mark(lesson_id, student, "5", 1), journal_id=journal["id"])) == [
        ("/body/marks/0", "cells.unknown-code")
    ]


async def test_a_journal_is_changed_at_the_version_seen(school: School) -> None:
    path = f"/journals/{await school.journal()}"
    body, headers = {"scale_id": 3, "video_link": "https://video.example/1a"}, {**school.admin, "If-Match": '"1"'}
    changed = await school.service.client.patch(path, json=body, headers=headers)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["scale_id"], changed.json()["video_link"]) == (3, "https://video.example/1a")
    stale = await school.service.client.patch(path, json=body, headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")


@pytest.mark.parametrize("told", ["before", "after"])
async def test_the_first_grade_is_taught_without_marks_until_somebody_sets_the_journal_up(
    school: School, told: str
) -> None:
    [student] = await school.enrol("Образцова")
    first = received(group(school.group_id, school.organization_id, "1 «А»").model_copy(update={"grade": 1}), version=7)
    if told == "before":
        await hear(school.service, first)
    lesson_id = await school.lesson()
    await hear(school.service, first)
    assert errors(await school.save(mark(lesson_id, student, "5"))) == [("/body/marks/0", "cells.unknown-code")]
    assert (await school.page())["scale_id"] == 3
    path = f"/journals/{await school.journal()}"
    for version, body in ((1, {"video_link": "https://video.example/1a"}), (2, {})):
        changed = await school.service.client.patch(
            path, json=body, headers={**school.admin, "If-Match": f'"{version}"'}
        )
        assert (changed.status_code, changed.json()["scale_id"]) == (200, 3)
    assert (await school.save(mark(lesson_id, student, "5"))).status_code == 422
    await school.service.client.patch(path, json={"scale_id": 1}, headers={**school.admin, "If-Match": '"3"'})
    assert (await school.save(mark(lesson_id, student, "5"))).status_code == 200


HUNDRED = {
    "title": "Стобалльная",
    "values": [
        {
            "code": str(points),
            "sign": str(points),
            "title": f"{points} баллов",
            "points": points,
            "grade": 5 if points > 80 else 4,
        }
        for points in (100, 90, 80, 70)
    ],
}


async def test_an_organization_makes_a_scale_and_marks_keep_what_they_meant(school: School) -> None:
    [student] = await school.enrol("Образцова")
    path = f"/organizations/{school.organization_id}/scales"
    made = await school.service.client.post(path, json=HUNDRED, headers=school.admin)
    assert made.status_code == 201, made.text
    scale = made.json()
    taken = await school.service.client.post(path, json=HUNDRED, headers=school.admin)
    assert (taken.status_code, taken.json()["code"]) == (409, "scale.title-taken")
    shown = (await school.service.client.get(path, headers=school.teacher)).json()["items"]
    assert [one["title"] for one in shown] == ["Пятибалльная", "Зачёт и незачёт", "Без отметок", "Стобалльная"]
    lesson_id = await school.lesson()
    await school.service.client.patch(
        f"/journals/{await school.journal()}",
        json={"scale_id": scale["id"]},
        headers={**school.admin, "If-Match": '"1"'},
    )
    assert (await school.save(mark(lesson_id, student, "90"))).status_code == 200

    async def change(version: int, values: list[dict[str, Any]], scale_id: int = scale["id"]) -> Any:
        headers = {**school.admin, "If-Match": f'"{version}"'}
        body = {"title": "Стобалльная", "values": values}
        return await school.service.client.put(f"/scales/{scale_id}", json=body, headers=headers)

    values: list[dict[str, Any]] = HUNDRED["values"]  # type: ignore[assignment]  # of a literal
    for meant in ({"points": 95}, {"sign": "91"}, {"title": "сто"}):
        redefined = await change(1, [{**one, **meant} if one["code"] == "90" else one for one in values])
        assert (redefined.status_code, redefined.json()["code"]) == (409, "scale.value-used")
    retired = await change(1, [one for one in values if one["code"] not in {"90", "70"}])
    assert retired.status_code == 200, retired.text
    assert [(one["code"], one["active"]) for one in retired.json()["values"]] == [
        ("100", True), ("80", True), ("90", False), ("70", False),
    ]  # fmt: skip
    other = await school.service.client.post(path, json={**HUNDRED, "title": "Другая"}, headers=school.admin)
    headers = {**school.admin, "If-Match": '"1"'}
    taken = await school.service.client.put(f"/scales/{other.json()['id']}", json=HUNDRED, headers=headers)
    assert (taken.status_code, taken.json()["code"]) == (409, "scale.title-taken")
    assert errors(await school.save(mark(await school.lesson(number=2), student, "90"))) == [
        ("/body/marks/0", "cells.unknown-code")
    ]
    assert (await change(1, values)).status_code == 412
    assert (await change(1, values, 1)).status_code == 403, "the region's scale is not an organization's to change"
    assert (await change(1, values, 99)).status_code == 404


async def test_a_scale_that_contradicts_itself_is_refused_by_field(school: School) -> None:
    value = {"code": "5", "sign": "5", "title": "отлично"}
    body = {
        "title": "Своя",
        "values": [value, value, {"code": "d", "sign": "•", "title": "долг", "points": 2, "debt": True}],
    }
    answer = await school.service.client.post(
        f"/organizations/{school.organization_id}/scales", json=body, headers=school.admin
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "scale.invalid")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/body/values/1/code", "scale.code-twice"),
        ("/body/values/1/sign", "scale.sign-twice"),
        ("/body/values/2/grade", "scale.debt-grade"),
    ]


async def test_settings_are_those_of_the_defaults_until_somebody_changes_them(school: School) -> None:
    path = f"/organizations/{school.organization_id}/journal-settings"
    read = await school.service.client.get(path, headers=school.teacher)
    marks: dict[str, str | int] = {"five_from": "4.50", "four_from": "3.50", "three_from": "2.50", "least_marks": 3}
    shown = read.json()
    assert {name: float(shown[name]) for name in marks} == {name: float(value) for name, value in marks.items()}
    assert (shown["edit_days"], shown["class_teacher_writes"], shown["version"]) == (7, False, 0)
    debts = {"debt_days": None, "overdue_debts_count": False}
    assert {name: shown[name] for name in debts} == debts
    body = {"edit_days": 3, "class_teacher_writes": True}
    for version, status in ((0, 200), (0, 412), (1, 200), (3, 412)):
        headers = {**school.admin, "If-Match": f'"{version}"'}
        assert (await school.service.client.put(path, json=body, headers=headers)).status_code == status
    assert (await school.service.client.get(path, headers=school.teacher)).json() == {
        **body, **marks, **debts, "version": 2,
    }  # fmt: skip


async def test_an_appointment_made_here_can_be_ended(school: School) -> None:
    substitute = await school.hire("Петрова")
    path = f"/journals/{await school.journal()}/teachers"
    stranger = await School(school.service).hire("Чужакова")
    body = {"teacher_id": str(substitute), "hours_week": "1", "valid_from": "2026-09-01", "valid_to": "2027-06-01"}
    for unknown_id in (new_id(), stranger):
        wrong = await school.service.client.post(
            path, json={**body, "teacher_id": str(unknown_id)}, headers=school.admin
        )
        assert (wrong.status_code, wrong.json()["code"]) == (422, "journal.teacher-unknown")
    made = (await school.service.client.post(path, json=body, headers=school.admin)).json()
    ended = await school.service.client.post(
        f"{path}/{made['id']}/end", json={"last_day": "2026-09-05"}, headers=school.admin
    )
    assert (ended.status_code, ended.json()["valid_to"]) == (200, "2026-09-06")
    never = await school.service.client.post(
        f"{path}/{made['id']}/end", json={"last_day": "2026-08-01"}, headers=school.admin
    )
    assert never.json()["valid_to"] == "2026-09-01"
    assert await journals(school, school.headers(Role.TEACHER, substitute)) == []
    read = (await school.service.client.get(f"/journals/{await school.journal()}", headers=school.admin)).json()
    [by_load] = read["teachers"]
    refused = await school.service.client.post(
        f"{path}/{by_load['id']}/end", json={"last_day": "2026-09-05"}, headers=school.admin
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "journal.by-load")
    unknown = await school.service.client.post(
        f"{path}/{new_id()}/end", json={"last_day": "2026-09-05"}, headers=school.admin
    )
    assert unknown.status_code == 404
