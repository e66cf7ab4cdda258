"""Alerts end to end: found in what was sealed, each once, told to those concerned, dealt with by another."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from sgo_journal.alerts.watching import watch

from ..closings.samples import FRIDAY, ORDER, WEEK, closed
from ..factories import School, audited, calendar, hear, mark
from .samples import alerts_of


def stand_at(school: School, day: int, hour: int, minute: int = 0) -> None:
    """Let it be an hour of September in the region."""
    at = datetime(2026, 9, day, hour, minute, tzinfo=school.service.runtime.clock.zone)
    school.service.runtime.clock = FixedClock(at.astimezone(UTC))


def kinds(items: list[dict[str, Any]]) -> list[str]:
    return sorted(str(one["kind"]) for one in items)


async def test_a_stolen_password_is_noticed_and_told_once(school: School) -> None:
    stand_at(school, 7, 12)
    [student] = await school.enrol("Петров")
    lessons = [await school.lesson(number=number) for number in range(1, 7)]
    await school.save(*[mark(lesson, student, "2") for lesson in lessons])
    assert await alerts_of(school) == []
    stand_at(school, 8, 2, 15)
    for lesson in lessons:
        saved = await school.save(mark(lesson, student, "5", 1))
        assert saved.status_code == 200, saved.text
    found = await alerts_of(school)
    assert kinds(found) == ["many", *["off_hours"] * 6, *["raised"] * 6]
    [many] = [one for one in found if one["kind"] == "many"]
    assert many["text"] == "Исправлений отметок ученика за 60 мин.: 5"
    assert many["student_id"] == str(student)
    assert {one["text"] for one in found if one["kind"] == "off_hours"} == {"Исправлено ночью, в 02:15"}
    assert len(await alerts_of(school)) == len(found)
    stand_at(school, 8, 3, 15)
    await school.save(mark(lessons[0], student, "4", 2))
    assert kinds(await alerts_of(school)).count("many") == 1  # it still goes on: the window is an hour, both ends
    await asyncio.gather(*[watch(school.service.runtime) for _ in range(3)])
    assert len(await alerts_of(school)) == len(found) + 1


async def test_the_office_that_corrects_late_and_in_another_hand_is_told_of(school: School) -> None:
    stand_at(school, 7, 12)
    await school.set_year()
    [student] = await school.enrol("Петров")
    lesson = await school.lesson()
    await school.save(mark(lesson, student, "4"))
    stand_at(school, 14, 12)
    await school.save(mark(lesson, student, "3", 1), headers=school.admin)
    assert kinds(await alerts_of(school)) == ["other_hand"]
    stand_at(school, 20, 12)  # a Sunday
    await school.save(mark(lesson, student, "4", 2), headers=school.admin)
    newest = (await alerts_of(school))[:3]
    assert kinds(newest) == ["late", "off_hours", "other_hand"]
    texts = {one["kind"]: one["text"] for one in newest}
    assert texts["late"] == "Изменено через 13 дней после урока, срок — 7 дней"
    assert texts["off_hours"] == "Изменено в неучебный день тем, кто этот журнал не ведёт"


async def test_who_was_replaced_before_is_another_who_does_not_teach_there(school: School) -> None:
    """Whoever taught until the eighth works in the office by the twentieth, a Sunday; who took over is at home there."""
    stand_at(school, 7, 12)
    await school.set_year()
    [student] = await school.enrol("Петров")
    subject, first, second = await school.add_subject("Музыка"), new_id(), new_id()
    await school.teach(subject_id=subject, teacher_id=first, until=date(2026, 9, 8))
    journal = await school.teach(subject_id=subject, teacher_id=second, since=date(2026, 9, 8))
    lesson = await school.lesson(date(2026, 9, 14), journal_id=journal, teacher_id=str(second))
    stand_at(school, 20, 12)
    office = school.headers(Role.ORGANIZATION_ADMIN, first)
    for version, (value, headers) in enumerate((("4", school.headers(Role.TEACHER, second)), ("3", office))):
        saved = await school.save(mark(lesson, student, value, version), journal_id=journal, headers=headers)
        assert saved.status_code == 200, saved.text
    found = await alerts_of(school)
    assert [one["changed_by"] for one in found if one["kind"] == "off_hours"] == [str(first)]


async def test_nobody_knows_the_days_of_a_group_across_classes_without_a_calendar(school: School) -> None:
    stand_at(school, 7, 12)
    await hear(
        school.service, calendar(school.organization_id, WEEK.model_copy(update={"grade_from": 1, "grade_to": 11}))
    )
    [student] = await school.enrol("Петров")
    club = await school.gather(student)
    journal = await school.teach("Астрономия", learners_id=club, of_teaching_group=True)
    lesson = await school.lesson(journal_id=journal)
    await school.save(mark(lesson, student, "4"), journal_id=journal)
    stand_at(school, 9, 12)
    await school.save(mark(lesson, student, "3", 1), journal_id=journal, headers=school.admin)
    assert kinds(await alerts_of(school)) == ["other_hand"]


async def test_what_is_written_after_a_closing_is_told_of_whatever_opened_it(school: School) -> None:
    await hear(school.service, calendar(school.organization_id, WEEK))
    stand_at(school, 7, 12)
    [student] = await school.enrol("Петров")
    lesson = await school.lesson(FRIDAY)
    closing = await closed(school)
    stand_at(school, 7, 13)
    client = school.service.client
    opened = await client.post(f"/closings/{closing}/unlocks", json=ORDER, headers=school.admin)
    assert opened.status_code == 201, opened.text
    saved = await school.save(mark(lesson, student, "4"))
    assert saved.status_code == 200, saved.text
    [alert] = await alerts_of(school)
    assert (alert["kind"], alert["text"]) == ("late", "Изменено после закрытия учебного периода")


async def test_a_total_that_does_not_follow_from_the_marks_is_told_of(school: School) -> None:
    stand_at(school, 7, 12)
    await school.set_year()
    first, second = await school.enrol("Петров", "Яшин")
    lessons = [await school.lesson(number=number) for number in (1, 2)]
    await school.save(*[mark(lesson, one, "3") for lesson in lessons for one in (first, second)])
    body = {
        "totals": [
            {"student_id": str(one), "kind": "period", "period": 1, "value": value, "version": 0}
            for one, value in ((first, "4"), (second, "5"))
        ]
    }
    path = f"/journals/{await school.journal()}/totals"
    saved = await school.service.client.post(path, json=body, headers=school.teacher)
    assert saved.status_code == 200, saved.text
    [alert] = await alerts_of(school)
    assert (alert["kind"], alert["student_id"], alert["lesson_id"]) == ("total_off", str(second), None)
    assert alert["text"] == "Итоговая 5 при среднем балле 3,00"


async def test_a_teacher_sees_the_own_journals_and_another_deals_with_the_change(school: School) -> None:
    stand_at(school, 7, 12)
    [student] = await school.enrol("Петров")
    lesson = await school.lesson()
    admin = school.headers(Role.ORGANIZATION_ADMIN, new_id())
    await school.save(mark(lesson, student, "3"))
    await school.save(mark(lesson, student, "5", 1), headers=admin)
    both = await alerts_of(school, school.teacher)
    assert kinds(both) == ["other_hand", "raised"]
    assert await alerts_of(school, school.headers(Role.TEACHER, new_id())) == []
    path = f"/alerts/{both[0]['id']}/acknowledgement"
    client, body = school.service.client, {"comment": "Пересдача, протокол № 4"}
    own = await client.post(path, json=body, headers=admin)
    assert (own.status_code, own.json()["code"]) == (409, "alerts.own")
    assert (await client.post(path, json=body, headers=school.teacher)).status_code == 403
    done = await client.post(path, json=body, headers=school.headers(Role.HEAD, new_id()))
    assert done.json()["comment"] == "Пересдача, протокол № 4"
    again = await client.post(path, json=body, headers=school.headers(Role.HEAD, new_id()))
    assert (again.status_code, again.json()["code"]) == (409, "alerts.acknowledged")
    assert [one["id"] for one in await alerts_of(school, acknowledged=False)] == [both[1]["id"]]
    assert [one["id"] for one in await alerts_of(school, acknowledged=True)] == [both[0]["id"]]
    newest, *_ = await alerts_of(school, limit=1)
    assert [one["id"] for one in await alerts_of(school, after=newest["id"])] == [
        one["id"] for one in both if one["id"] != newest["id"]
    ]
    assert ("teacher", "alerts.read", [student]) in await audited(school)


async def test_thresholds_are_the_organizations(school: School) -> None:
    stand_at(school, 7, 12)
    [student] = await school.enrol("Петров")
    lesson = await school.lesson()
    path = f"/organizations/{school.organization_id}/alert-settings"
    client = school.service.client
    usual = (await client.get(path, headers=school.teacher)).json()
    assert (usual["version"], usual["raised_by"], usual["late_days"]) == (0, 2, None)
    keys = {**school.admin, "If-Match": '"0"'}
    chosen = {"raised_by": 3, "late_days": 0, "night_from": 12, "night_until": 13}
    changed = await client.put(path, json=chosen, headers=keys)
    assert changed.json() == {**usual, **chosen, "version": 1}
    assert (await client.put(path, json=chosen, headers=keys)).status_code == 412
    await school.save(mark(lesson, student, "3"))
    await school.save(mark(lesson, student, "5", 1))
    assert kinds(await alerts_of(school)) == ["off_hours"]
    stand_at(school, 8, 14)
    await school.save(mark(lesson, student, "2", 2))
    assert kinds(await alerts_of(school)) == ["late", "off_hours"]


async def test_a_change_committed_late_is_seen_in_its_own_block(school: School) -> None:
    stand_at(school, 7, 12)
    [student] = await school.enrol("Петров")
    first, second = [await school.lesson(number=number) for number in (1, 2)]
    await school.save(mark(first, student, "3"), mark(second, student, "3"))
    connection = await school.service.database.connect()
    late = connection.transaction()
    await late.start()
    await connection.execute("UPDATE mark SET value = '5', version = 2 WHERE lesson_id = $1", first)
    await school.save(mark(second, student, "5", 1))
    assert [one["lesson_id"] for one in await alerts_of(school)] == [second]
    await late.commit()
    await connection.close()
    assert [one["lesson_id"] for one in await alerts_of(school)] == [first, second]
