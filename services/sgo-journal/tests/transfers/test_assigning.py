"""Saying by hand which course a subject that was brought is."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import YEAR
from .paper import call, entered, shown, statement, subject
from .two_schools import ARRIVAL, Two, suggested


@pytest.fixture
async def newcomer(two: Two) -> UUID:
    [student] = await two.new.enrol("Приезжая", on=ARRIVAL)
    return student


async def subjects(two: Two, student: UUID) -> dict[str, dict[str, Any]]:
    return {one["title"]: one for of in await shown(two.new, student) for one in of["subjects"]}


async def mean(two: Two, student: UUID) -> str | None:
    found: str | None = (await suggested(two.new, student))["mean"]
    return found


async def test_a_teacher_takes_what_counts_nowhere_for_the_own_course_and_gives_it_back(
    two: Two, newcomer: UUID
) -> None:
    await entered(two.new, newcomer, subject("Физика и астрономия", "5", "4"), subject("Физика", "2"))
    assert await mean(two, newcomer) == "2.00"
    one = (await subjects(two, newcomer))["Физика и астрономия"]
    path = f"/journals/{await two.new.journal()}/brought-subjects/{one['subject_id']}"
    answer = await call(two.new, "PUT", path, 1, two.new.teacher)
    assert (answer.status_code, answer.json()["course_id"], answer.json()["version"]) == (200, str(two.subject), 2)
    assert await mean(two, newcomer) == "3.67"
    stale = await call(two.new, "DELETE", path, 1, two.new.teacher)
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
    assert (await call(two.new, "DELETE", path, 2, two.new.teacher)).status_code == 200
    assert await mean(two, newcomer) == "2.00"
    assert (await call(two.new, "DELETE", path, 3, two.new.teacher)).status_code == 404, "it is not there any more"
    history = await two.new.service.client.get(
        f"/students/{newcomer}/brought-statements/changes", params={"academic_year": YEAR}, headers=two.new.admin
    )
    told = [(one["action"], one["contents"].get("course_id")) for one in history.json()["items"]]
    assert told == [("entered", None), ("assigned", str(two.subject)), ("assigned", None)]


async def test_what_counts_elsewhere_only_the_office_moves(two: Two, newcomer: UUID) -> None:
    await entered(two.new, newcomer, subject("Физика", "5"), subject("Труд", "4"))
    chemist = await two.new.hire("Химикова")
    chemistry = await two.new.teach("Химия", teacher_id=chemist)
    found = await subjects(two, newcomer)
    by = two.new.headers(Role.TEACHER, chemist)
    path = f"/journals/{chemistry}/brought-subjects"
    answer = await call(two.new, "PUT", f"{path}/{found['Физика']['subject_id']}", 1, by)
    assert (answer.status_code, answer.json()["code"]) == (409, "brought.counted-elsewhere")
    assert (await call(two.new, "PUT", f"{path}/{found['Труд']['subject_id']}", 1, by)).status_code == 200
    physics = f"/journals/{await two.new.journal()}/brought-subjects/{found['Труд']['subject_id']}"
    answer = await call(two.new, "PUT", physics, 2, two.new.teacher)
    assert answer.json()["code"] == "brought.counted-elsewhere"
    assert (await call(two.new, "PUT", physics, 2, two.new.headers(Role.COORDINATOR, new_id()))).status_code == 200
    assert await mean(two, newcomer) == "4.50"
    assert (await call(two.new, "PUT", f"{path}/{found['Физика']['subject_id']}", 1)).status_code == 200
    assert await mean(two, newcomer) == "4.00"


async def test_who_does_not_teach_there_and_whose_student_it_is_not(two: Two, newcomer: UUID) -> None:
    await entered(two.new, newcomer, subject("Труд", "4"))
    one = (await subjects(two, newcomer))["Труд"]["subject_id"]
    journal = await two.new.journal()
    path = f"/journals/{journal}/brought-subjects/{one}"
    leader = await two.new.hire("Руководова")
    await two.new.appoint(leader)
    assert (await call(two.new, "PUT", path, 1, two.new.headers(Role.TEACHER, leader))).status_code == 403
    assert (await call(two.new, "PUT", path, 1, two.new.headers(Role.TEACHER, new_id()))).status_code == 404
    assert (await call(two.new, "PUT", path, 1, two.old.admin)).status_code == 404
    old = f"/journals/{await two.old.journal()}/brought-subjects/{one}"
    assert (await call(two.old, "PUT", old, 1)).status_code == 404, "another school's statement"
    club = await two.new.gather(two.student, name="Кружок")
    elsewhere = await two.new.teach("Кружок", learners_id=club, of_teaching_group=True)
    assert (await call(two.new, "PUT", f"/journals/{elsewhere}/brought-subjects/{one}", 1)).status_code == 404
    assert (await subjects(two, newcomer))["Труд"]["version"] == 1


async def test_two_who_take_it_at_once_one_has_it(two: Two, newcomer: UUID) -> None:
    await entered(two.new, newcomer, subject("Труд", "4"))
    one = (await subjects(two, newcomer))["Труд"]["subject_id"]
    chemistry = await two.new.teach("Химия")
    paths = [f"/journals/{journal}/brought-subjects/{one}" for journal in (await two.new.journal(), chemistry)]
    answers = await asyncio.gather(*(call(two.new, "PUT", path, 1) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_a_statement_that_is_changed_keeps_what_its_subjects_are(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("Труд", "4"))
    one = (await subjects(two, newcomer))["Труд"]["subject_id"]
    assert (
        await call(two.new, "PUT", f"/journals/{await two.new.journal()}/brought-subjects/{one}", 1)
    ).status_code == 200
    path = f"/students/{newcomer}/brought-statements/{key}"
    assert (await call(two.new, "PUT", path, 1, json=statement(subject("Труд", "5")))).status_code == 200
    assert (await suggested(two.new, newcomer))["explanation"] == "(5·1) / 1 = 5; из них принесены из другой школы: 5"
