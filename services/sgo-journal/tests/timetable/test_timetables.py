"""Drafts, conflicts, publication."""

from datetime import date, timedelta
from typing import Any

import pytest

from servicekit.ids import new_id

from ..factories import MONDAY, YEAR, School, hear, quarters, subject
from .office import Office, into, line

WEEK = timedelta(days=7)


@pytest.fixture
async def office(school: School) -> Office:
    return await Office.of(school)


def codes(answer: dict[str, object]) -> list[str]:
    errors = answer.get("errors")
    assert isinstance(errors, list)
    return [error["code"] for error in errors]


async def test_a_draft_is_made_edited_and_copied(office: Office) -> None:
    journal = await office.school.journal()
    draft = await office.draft(line(journal, 1, 1), line(journal, 3, 2, length=2, parity="odd", fixed=True))
    assert (draft["state"], draft["version"], draft["valid_to"]) == ("draft", 2, "2027-09-01")
    lines = (await office.call("GET", f"/timetables/{draft['id']}/lines")).json()["items"]
    assert [(one["weekday"], one["number"], one["length"], one["parity"], one["fixed"]) for one in lines] == [
        (1, 1, 1, "every", False),
        (3, 2, 2, "odd", True),
    ]
    assert {one["teacher_id"] for one in lines} == {str(office.school.teacher_id)}
    moved = {**line(journal, 2, 1), "id": lines[0]["id"]}
    edited = await office.call("POST", f"/timetables/{draft['id']}/lines", 2, put=[moved], removed=[lines[1]["id"]])
    assert edited.json()["version"] == 3
    copy = await office.draft(title="Второе", copy_of=draft["id"])
    [only] = (await office.call("GET", f"/timetables/{copy['id']}/lines")).json()["items"]
    assert (only["weekday"], only["number"]) == (2, 1)
    assert only["id"] != lines[0]["id"]
    listed = (await office.call("GET", f"/organizations/{office.school.organization_id}/timetables")).json()["items"]
    assert [one["id"] for one in listed] == [draft["id"], copy["id"]]


async def test_wrong_lines_are_named_and_nothing_is_saved(office: Office) -> None:
    journal = await office.school.journal()
    draft = await office.draft(line(journal))
    path = f"/timetables/{draft['id']}/lines"
    wrong = [line(new_id()), line(journal, 2, room_id=new_id()), {**line(journal, 3), "id": str(new_id())}]
    answer = await office.call("POST", path, 2, put=wrong, removed=[str(new_id())])
    assert (answer.status_code, answer.json()["code"]) == (422, "timetable.lines-invalid")
    assert codes(answer.json()) == [
        "lesson.journal-unknown",
        "lesson.room-unknown",
        "timetable.line-unknown",
        "timetable.line-unknown",
    ]
    twice = await office.call("POST", path, 2, put=[line(journal)])
    assert (twice.status_code, twice.json()["code"]) == (409, "timetable.line-exists")
    stale = await office.call("POST", path, 1, put=[line(journal, 5)])
    assert stale.status_code == 412
    assert len((await office.call("GET", path)).json()["items"]) == 1
    assert (await office.call("GET", f"/timetables/{draft['id']}")).json()["version"] == 2


async def test_a_timetable_lies_in_the_school_year(office: Office) -> None:
    body: dict[str, Any] = {"academic_year": YEAR, "title": "Т", "valid_from": "2026-08-01"}
    path = f"/organizations/{office.school.organization_id}/timetables"
    assert (await office.call("POST", path, **body)).json()["code"] == "timetable.interval"
    assert (await office.call("POST", path, **{**body, "academic_year": 2030})).json()[
        "code"
    ] == "timetable.no-calendar"


async def test_conflicts_name_both_sides_and_keep_a_draft_from_being_published(office: Office) -> None:
    school = office.school
    ours, theirs = (
        await school.teach("Русский язык"),
        await school.teach("Математика", learners_id=await office.another_class()),
    )
    room = await school.add_room()
    draft = await office.draft(
        line(ours, 1, 1, room_id=room), line(theirs, 1, 1, room_id=room), line(ours, 6, 1), line(theirs, 2, 9)
    )
    found = (await office.call("GET", f"/timetables/{draft['id']}/conflicts")).json()
    assert found["total"] == 4
    by_code = {one["code"]: one for one in found["items"]}
    assert by_code.keys() == {
        "timetable.teacher-busy",
        "timetable.room-busy",
        "timetable.no-study-day",
        "timetable.outside-shift",
    }
    busy = by_code["timetable.teacher-busy"]
    assert (busy["date"], busy["number"], busy["resource_id"]) == ("2026-09-07", 1, str(school.teacher_id))
    assert busy["days"] > 30
    assert {side["title"] for side in busy["sides"]} == {"5 «А», Русский язык", "1 «Б», Математика"}
    run = await office.publish(draft)
    assert (run["status"], run["problem"]["code"]) == ("failed", "timetable.conflicts")
    assert "5 «А», Русский язык" in run["problem"]["errors"][0]["title"]
    assert not await office.lessons(MONDAY)
    assert (await office.call("GET", f"/timetables/{draft['id']}")).json()["state"] == "draft"


async def test_a_line_of_learners_not_told_of_yet_is_a_conflict(office: Office) -> None:
    journal = await office.school.teach("Шахматы", learners_id=new_id(), of_teaching_group=True)
    draft = await office.draft(line(journal))
    found = (await office.call("GET", f"/timetables/{draft['id']}/conflicts")).json()["items"]
    assert [one["code"] for one in found] == ["timetable.outside-validity"]


async def test_subgroups_of_one_division_stand_at_once_a_whole_class_does_not(office: Office) -> None:
    school = office.school
    students = await school.enrol("Альфа", "Бета")
    first, second = await school.divide(students[:1], students[1:])
    parts = [
        await school.teach("Английский", learners_id=part, of_teaching_group=True, teacher_id=new_id())
        for part in (first, second)
    ]
    draft = await office.draft(*(line(part) for part in parts))
    assert not (await office.call("GET", f"/timetables/{draft['id']}/conflicts")).json()["total"]
    whole = await office.draft(*(line(part) for part in parts), line(await school.journal()))
    found = (await office.call("GET", f"/timetables/{whole['id']}/conflicts")).json()["items"]
    assert [one["code"] for one in found] == ["timetable.learners-busy"] * 2


async def test_an_elective_across_classes_meets_the_classes_of_its_students(office: Office) -> None:
    school = office.school
    [ours] = await school.enrol("Альфа")
    other = await office.another_class()
    elective = await school.gather(ours, await into(school, other, "Бета"))
    journals = [
        await school.teach("Астрономия", learners_id=elective, of_teaching_group=True, teacher_id=new_id()),
        await school.teach("Химия", learners_id=other, teacher_id=new_id()),
    ]
    draft = await office.draft(*(line(journal) for journal in journals))
    found = (await office.call("GET", f"/timetables/{draft['id']}/conflicts")).json()["items"]
    assert [one["code"] for one in found] == ["timetable.learners-busy"]


async def test_publication_makes_lessons_of_study_days_with_the_times_of_the_bells(office: Office) -> None:
    journal = await office.school.journal()
    draft = await office.draft(line(journal, 1, 2), line(journal, 3, 1, parity="odd"))
    run = await office.publish(draft)
    assert (run["status"], run["result"]["moved"]) == ("succeeded", 0)
    [monday] = await office.lessons(MONDAY)
    assert (monday["date"], monday["starts_at"], monday["ends_at"]) == ("2026-09-07", "09:20:00", "10:00:00")
    assert (monday["subject"], monday["learners"]) == ("Окружающий мир", "5 «А»")
    assert monday["teacher_id"] == str(office.school.teacher_id)
    assert [one["date"] for one in await office.lessons(MONDAY + WEEK)] == ["2026-09-14", "2026-09-16"]
    vacations, holiday = date(2026, 10, 26), date(2027, 3, 8)
    assert not await office.lessons(vacations)
    assert not await office.lessons(holiday)
    published = (await office.call("GET", f"/timetables/{draft['id']}")).json()
    assert (published["state"], published["version"]) == ("published", 3)
    again = await office.call("POST", f"/timetables/{draft['id']}/publication", 3, valid_from="2026-09-01")
    assert (again.status_code, again.json()["code"]) == (409, "timetable.not-draft")
    edit = await office.call("POST", f"/timetables/{draft['id']}/lines", 3, put=[line(journal, 5)])
    assert edit.json()["code"] == "timetable.not-draft"


async def test_a_moved_day_follows_the_weekday_the_calendar_names(school: School) -> None:
    saturday = MONDAY + timedelta(days=5)
    office = await Office.of(school, quarters(moved=[(saturday, 1)]))
    await office.published(line(await school.journal(), 1, 3))
    assert [one["date"] for one in await office.lessons(MONDAY)] == [MONDAY.isoformat(), saturday.isoformat()]


async def test_a_new_timetable_moves_future_lessons_and_leaves_what_took_place(office: Office) -> None:
    journal = await office.school.journal()
    await office.published(line(journal, 1, 1), line(journal, 4, 1))
    before = await office.lessons(MONDAY)
    next_week = await office.lessons(MONDAY + WEEK)
    thursday = MONDAY + timedelta(days=3)
    office.stand_at(thursday)
    homework = await office.call("POST", f"/lessons/{next_week[1]['id']}/homework", text="§ 5")
    assert homework.status_code == 201, homework.text
    result = await office.published(line(journal, 2, 2), since=thursday + timedelta(days=1))
    assert result["created"] == 0
    assert await office.lessons(MONDAY) == before
    after = {one["id"]: one for one in await office.lessons(MONDAY + WEEK)}
    assert next_week[1]["id"] in after
    assert {(one["date"], one["number"], one["state"]) for one in after.values() if one["state"] == "planned"} == {
        ("2026-09-15", 2, "planned")
    }
    second = await office.lessons(MONDAY + 2 * WEEK)
    assert [(one["date"], one["number"]) for one in second] == [("2026-09-22", 2)]
    listed = (await office.call("GET", f"/organizations/{office.school.organization_id}/timetables")).json()["items"]
    assert [(one["state"], one["valid_to"]) for one in listed] == [
        ("published", "2026-09-11"),
        ("published", "2027-09-01"),
    ]


async def test_publishing_the_same_again_changes_nothing(office: Office) -> None:
    journal = await office.school.journal()
    await office.published(line(journal, 1, 1), line(journal, 4, 1))
    before = await office.lessons(MONDAY)
    again = await office.published(line(journal, 1, 1), line(journal, 4, 1))
    assert again == {"created": 0, "moved": 0, "cancelled": 0, "deleted": 0}
    assert [(one["id"], one["date"]) for one in await office.lessons(MONDAY)] == [
        (one["id"], one["date"]) for one in before
    ]


async def test_a_timetable_is_not_published_into_the_past_or_under_a_longer_one(office: Office) -> None:
    journal = await office.school.journal()
    office.stand_at(MONDAY)
    draft = await office.draft(line(journal))
    past = await office.call("POST", f"/timetables/{draft['id']}/publication", 2, valid_from="2026-09-06")
    assert (past.status_code, past.json()["code"]) == (422, "timetable.in-past")
    await office.published(line(journal), since=MONDAY + WEEK)
    short = await office.draft(line(journal), valid_from=MONDAY.isoformat(), valid_to="2026-10-01")
    run = await office.publish(short, MONDAY)
    assert run["problem"]["code"] == "timetable.overlaps"


async def test_remarks_tell_the_weight_of_days(office: Office) -> None:
    journal = await office.school.journal()
    draft = await office.draft(*(line(journal, 1, number) for number in range(1, 8)), line(journal, 2, 1, parity="odd"))
    odd, even = (await office.call("GET", f"/timetables/{draft['id']}/remarks")).json()
    assert (odd["parity"], even["parity"]) == ("odd", "even")
    assert [one["code"] for one in odd["days"][0]["remarks"]] == ["too_many_lessons"]
    assert len(even["days"]) == 1


async def test_an_organization_judges_subjects_otherwise_than_the_rules(office: Office) -> None:
    told = subject("Шахматы", code="mathematics")
    await hear(office.school.service, told)
    journal = await office.school.teach(subject_id=told.subject_id)
    draft = await office.draft(line(journal, 1, 1))
    path = f"/organizations/{office.school.organization_id}/subject-points"

    async def weight() -> int:
        [week] = (await office.call("GET", f"/timetables/{draft['id']}/remarks")).json()
        points: int = week["days"][0]["points"]
        return points

    assert await weight() == 10
    own = [{"grade": 5, "subject": "mathematics", "points": 3}]
    judged = (await office.call("PUT", path, 0, points=own)).json()
    assert {**own[0], "own": True} in judged["points"]
    assert {"grade": 2, "subject": "mathematics", "points": 8, "own": False} in judged["points"]
    assert await weight() == 3
    assert (await office.call("PUT", path, 0, points=own)).status_code == 412
    assert (await office.call("PUT", path, 1, points=[])).json()["version"] == 2
    assert await weight() == 10


async def test_unavailability_is_declared_and_refuses_a_line_until_withdrawn(office: Office) -> None:
    school = office.school
    journal = await school.journal()
    path = f"/organizations/{school.organization_id}/unavailability"
    body: dict[str, Any] = {"academic_year": YEAR, "kind": "teacher", "resource_id": str(school.teacher_id), "valid_from": "2026-09-01",
            "valid_to": "2026-10-01", "weekday": 1, "numbers": [1], "reason": "Курсы"}  # fmt: skip
    declared = await office.call("POST", path, **body)
    assert declared.status_code == 201, declared.text
    wrong = await office.call("POST", path, **{**body, "kind": "room"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unavailability.invalid")
    backwards = await office.call("POST", path, **{**body, "valid_to": "2026-09-01"})
    assert backwards.json()["code"] == "unavailability.invalid"
    draft = await office.draft(line(journal), line(journal, 2))
    found = (await office.call("GET", f"/timetables/{draft['id']}/conflicts")).json()["items"]
    assert [(one["code"], one["days"], one["sides"][1]["kind"]) for one in found] == [
        ("timetable.teacher-unavailable", 4, "unavailability")
    ]
    [listed] = (await office.call("GET", path)).json()["items"]
    assert (await office.call("DELETE", f"/unavailability/{listed['id']}")).status_code == 204
    assert not (await office.call("GET", f"/timetables/{draft['id']}/conflicts")).json()["total"]
    assert (await office.call("DELETE", f"/unavailability/{listed['id']}")).status_code == 404


async def test_a_shared_room_takes_several_lessons(office: Office) -> None:
    school = office.school
    hall = await school.add_room("Зал")
    ours = await school.teach("Физкультура")
    theirs = await school.teach("Гимнастика", learners_id=await office.another_class(), teacher_id=new_id())
    draft = await office.draft(line(ours, room_id=hall), line(theirs, room_id=hall))
    conflicts = f"/timetables/{draft['id']}/conflicts"
    assert (await office.call("GET", conflicts)).json()["total"] == 1
    rooms = f"/organizations/{school.organization_id}/shared-rooms"
    assert (await office.call("PUT", f"{rooms}/{hall}", lessons=2)).status_code == 200
    assert (await office.call("PUT", f"{rooms}/{new_id()}", lessons=2)).status_code == 404
    assert (await office.call("GET", rooms)).json() == [{"room_id": str(hall), "lessons": 2}]
    assert (await office.call("GET", conflicts)).json()["total"] == 0


async def test_views_are_of_a_class_a_teacher_a_room_or_all_over_days_weeks_months_and_the_year(office: Office) -> None:
    school = office.school
    other, colleague = await office.another_class(), await school.hire("Иванова")
    room = await school.add_room()
    await office.published(
        line(await school.journal(), 1, 1, room_id=room),
        line(await school.teach("Музыка", learners_id=other, teacher_id=colleague), 1, 1),
    )
    assert len(await office.lessons(MONDAY, "day")) == 2
    assert len(await office.lessons(MONDAY, "day", learners_id=other)) == 1
    [hers] = await office.lessons(MONDAY, "day", teacher_id=colleague)
    assert (await office.view(MONDAY, "day", teacher_id=colleague))["teachers"] == {str(colleague): "Иванова Мария"}
    assert hers["subject"] == "Музыка"
    assert [one["room"] for one in await office.lessons(MONDAY, "month", room_id=room)] == ["21"] * 4
    month = await office.view(MONDAY, "month")
    assert (month["detailed"], month["days"][6]["planned"], len(month["days"])) == (False, 2, 30)
    year = await office.view(MONDAY, "year", learners_id=other)
    assert (year["first_day"], year["last_day"]) == ("2026-09-01", "2027-08-31")
    assert year["days"][6] == {
        "date": "2026-09-07",
        "study": True,
        "planned": 1,
        "cancelled": 0,
        "lessons": [],
        "events": [],
    }
    assert not year["days"][5]["study"]


async def test_a_class_sees_the_lessons_of_its_subgroups_and_of_groups_across_classes(office: Office) -> None:
    school = office.school
    students = await school.enrol("Альфа", "Бета")
    first, _ = await school.divide(students[:1], students[1:])
    elective = await school.gather(students[0])
    stranger = await school.gather(await into(school, await office.another_class(), "Гамма"))
    lines = [
        line(
            await school.teach(f"Курс {number}", learners_id=part, of_teaching_group=True, teacher_id=new_id()),
            1,
            number,
        )
        for number, part in enumerate((first, elective, stranger), start=1)
    ]
    await office.published(*lines)
    shown = await office.lessons(MONDAY, learners_id=school.group_id)
    assert [one["subject"] for one in shown] == ["Курс 1", "Курс 2"]
