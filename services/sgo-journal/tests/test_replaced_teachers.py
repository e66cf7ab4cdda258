"""What a teacher of a journal still writes of it when teachers change: its plan, its courses, whose course brought marks are."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id

from .courses.library import a_course, section, text
from .factories import MONDAY, SEPTEMBER, YEAR, School
from .homework.room import call
from .transfers.paper import entered, shown, subject

JUNE = date(YEAR + 1, 6, 1)
FRIDAY = date(2026, 9, 4)


def at(school: School, day: date) -> None:
    """It is half past one in the night to the day."""
    night = datetime(day.year, day.month, day.day, 22, 30, tzinfo=UTC) - timedelta(days=1)
    school.service.runtime.clock = FixedClock(night)


async def taught(school: School, *spans: tuple[date, date]) -> tuple[UUID, list[UUID]]:
    """A journal that a teacher of its own has in each span; the journal and the teachers."""
    subject_id = await school.add_subject("Музыка")
    teachers = [new_id() for _ in spans]
    for teacher, (since, until) in zip(teachers, spans, strict=True):
        journal = await school.teach(subject_id=subject_id, teacher_id=teacher, since=since, until=until)
    return journal, teachers


async def chooses(school: School, journal: UUID, teacher: UUID) -> bool:
    """Whether the teacher could choose the journal's plan."""
    path, headers = f"/journals/{journal}/plan", school.headers(Role.TEACHER, teacher)
    answer = await call(school, "PUT", path, 999, headers=headers, json={"plan_id": None})
    assert answer.status_code in {403, 412}, answer.text
    return answer.status_code == 412


async def test_who_was_replaced_reads_on_and_chooses_no_plan(school: School) -> None:
    tuesday = MONDAY + timedelta(days=1)
    journal, [first, second] = await taught(school, (SEPTEMBER, tuesday), (tuesday, JUNE))
    assert (await chooses(school, journal, first), await chooses(school, journal, second)) == (True, False)
    at(school, tuesday)
    assert (await chooses(school, journal, first), await chooses(school, journal, second)) == (False, True)
    headers = school.headers(Role.TEACHER, first)
    assert (await call(school, "GET", f"/journals/{journal}", headers=headers)).status_code == 200
    assert (await call(school, "GET", f"/journals/{journal}/plan", headers=headers)).status_code == 200


async def test_who_taught_last_has_the_say_where_nobody_took_over(school: School) -> None:
    journal, [before, last] = await taught(school, (SEPTEMBER, FRIDAY), (FRIDAY, MONDAY))
    assert (await chooses(school, journal, before), await chooses(school, journal, last)) == (False, True)


async def test_before_the_year_begins_whoever_begins_it_prepares(school: School) -> None:
    journal, [first, second] = await taught(school, (SEPTEMBER, FRIDAY), (FRIDAY, JUNE))
    at(school, date(2026, 8, 25))
    assert (await chooses(school, journal, first), await chooses(school, journal, second)) == (True, False)


async def test_a_class_teacher_has_the_say_where_the_organization_lets_class_teachers_write(school: School) -> None:
    journal, _ = await taught(school, (SEPTEMBER, JUNE))
    leader = new_id()
    await school.appoint(leader)
    assert not await chooses(school, journal, leader)
    path = f"/organizations/{school.organization_id}/journal-settings"
    settings = {"edit_days": None, "class_teacher_writes": True}
    assert (await call(school, "PUT", path, 0, headers=school.admin, json=settings)).status_code == 200
    assert await chooses(school, journal, leader)


async def test_who_was_replaced_gives_no_course_and_takes_none_away(school: School) -> None:
    journal, [first, _] = await taught(school, (SEPTEMBER, MONDAY), (MONDAY, JUNE))
    headers = school.headers(Role.TEACHER, first)
    course = await a_course(school, section(None, text("Про лес")), headers=headers)
    path, given = f"/courses/{course['id']}/journals", {"journal_ids": [str(journal)]}
    refused = await call(school, "PUT", path, course["version"], headers=headers, json=given)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    by_office = await call(school, "PUT", path, course["version"], headers=school.admin, json=given)
    assert by_office.json()["journal_ids"] == [str(journal)]
    taken = await call(school, "PUT", path, by_office.json()["version"], headers=headers, json={"journal_ids": []})
    assert taken.status_code == 403


async def test_who_was_replaced_says_nothing_of_brought_marks(school: School) -> None:
    journal, [first, second] = await taught(school, (SEPTEMBER, MONDAY), (MONDAY, JUNE))
    [student] = await school.enrol("Приезжая", on=FRIDAY)
    await entered(school, student, subject("Пение", "4"), arrived_on=f"{FRIDAY}", document_date=f"{FRIDAY}")
    [statement] = await shown(school, student)
    path = f"/journals/{journal}/brought-subjects/{statement['subjects'][0]['subject_id']}"
    refused = await call(school, "PUT", path, 1, headers=school.headers(Role.TEACHER, first))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await call(school, "PUT", path, 1, headers=school.headers(Role.TEACHER, second))).status_code == 200
    assert (await call(school, "DELETE", path, 2, headers=school.headers(Role.TEACHER, first))).status_code == 403
