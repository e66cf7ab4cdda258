"""Who could give a lesson in place of its teacher."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from servicekit.ids import new_id
from sgo_journal.timetable.substitutes import Candidate, Merit, ranked
from sgo_journal.timetable.values import Ban, Bound, Slot

from ..factories import MONDAY, YEAR, School
from .office import Office, line
from .weeks import MAY, SEPTEMBER, school_class, slot

NEXT = MONDAY + timedelta(days=7)
CLASS, SUBJECT = school_class(), new_id()
LESSON = slot(CLASS, number=3)


def candidate(*day: Slot, subjects: tuple[UUID, ...] = (), learners: tuple[UUID, ...] = ()) -> Candidate:
    return Candidate(new_id(), frozenset(subjects), frozenset(learners), day)


def at(number: int, room_id: UUID | None = None) -> Slot:
    return slot(school_class(), number=number, room_id=room_id)


def merits(one: Candidate, lesson: Slot = LESSON, buildings: dict[UUID, UUID] | None = None) -> dict[Merit, int]:
    [found] = ranked(lesson, SUBJECT, [one], [], buildings or {})
    assert found.points == sum(points for _, points in found.merits)
    return dict(found.merits)


def test_whoever_is_busy_banned_or_gives_the_lesson_is_no_candidate() -> None:
    busy, free = candidate(at(3)), candidate(at(2))
    own = replace(free, teacher_id=LESSON.teachers[0])
    assert [one.teacher_id for one in ranked(LESSON, SUBJECT, [busy, free, own], [], {})] == [free.teacher_id]
    ban = Ban(new_id(), Bound.TEACHER, free.teacher_id, SEPTEMBER, MAY, weekday=1)
    assert not ranked(LESSON, SUBJECT, [busy, free, own], [ban], {})


def test_each_merit_is_told_and_the_fittest_come_first() -> None:
    hall, room, house = new_id(), new_id(), new_id()
    lesson = replace(LESSON, room_id=room)
    assert merits(candidate()) == {Merit.FREE_DAY: -15}
    assert merits(candidate(at(2), at(4))) == {Merit.WINDOW: 15, Merit.NEXT: 10, Merit.LOAD: -4}
    assert merits(candidate(at(6))) == {Merit.LOAD: -2}
    assert merits(candidate(at(6, hall)), lesson, {hall: house, room: house}) == {Merit.BUILDING: 10, Merit.LOAD: -2}
    assert merits(candidate(at(6), subjects=(SUBJECT,))) == {Merit.SUBJECT: 40, Merit.LOAD: -2}
    assert merits(candidate(at(6), learners=(CLASS.id,))) == {Merit.CLASS: 20, Merit.LOAD: -2}
    far, near = candidate(at(6)), candidate(at(2), at(4), subjects=(SUBJECT,))
    assert [one.teacher_id for one in ranked(LESSON, SUBJECT, [far, near], [], {})] == [near.teacher_id, far.teacher_id]
    assert all(merit.words for merit in Merit)


@pytest.fixture
async def office(school: School) -> Office:
    """The school's teacher has a class on Mondays; Petrova has the same subject in another class, Sidorova has none."""
    office = await Office.of(school)
    await school.hire("Иванова", school.teacher_id)
    petrova = await school.hire("Петрова")
    await school.hire("Сидорова")
    subject = await school.add_subject()
    ours = await school.teach(subject_id=subject)
    theirs = await school.teach(subject_id=subject, teacher_id=petrova, learners_id=await office.another_class())
    await office.published(line(ours, 1, 2), line(theirs, 1, 1), line(theirs, 1, 3))
    office.stand_at(MONDAY)
    return office


async def test_an_absence_shows_the_lessons_the_substitutes_and_after_one_click_the_hours(office: Office) -> None:
    school = office.school
    body = {
        "academic_year": YEAR,
        "kind": "teacher",
        "resource_id": str(school.teacher_id),
        "valid_from": NEXT.isoformat(),
        "valid_to": (NEXT + timedelta(days=7)).isoformat(),
        "reason": "Больничный",
    }
    declared = await school.service.client.post(
        f"/organizations/{school.organization_id}/unavailability", json=body, headers=office.keys
    )
    assert declared.status_code == 201, declared.text
    days = f"from={MONDAY.isoformat()}&to={(NEXT + timedelta(days=13)).isoformat()}"
    path = f"/organizations/{school.organization_id}/substitutions"
    [lesson] = (await office.call("GET", f"{path}/needed?academic_year={YEAR}&{days}")).json()
    assert (lesson["date"], lesson["teacher_id"]) == (NEXT.isoformat(), str(school.teacher_id))
    first, second = (await office.call("GET", f"/lessons/{lesson['id']}/substitutes")).json()
    assert (first["name"], second["name"]) == ("Петрова Мария", "Сидорова Мария")
    assert [one["code"] for one in first["merits"]] == [
        "same_subject", "free_window", "next_to_lessons", "lessons_that_day"
    ]  # fmt: skip
    empty = (await office.call("GET", f"{path}?{days}")).json()
    assert empty == {"items": [], "hours": []}
    named = await office.call(
        "PATCH", f"/lessons/{lesson['id']}/slot", 1, teacher_id=first["teacher_id"], reason="Больничный"
    )
    assert named.status_code == 200, named.text
    assert not (await office.call("GET", f"{path}/needed?academic_year={YEAR}&{days}")).json()
    found = (await office.call("GET", f"{path}?{days}")).json()
    assert [(one["lesson"]["id"], one["instead_of"]) for one in found["items"]] == [
        (lesson["id"], str(school.teacher_id))
    ]
    assert found["hours"] == [{"teacher_id": first["teacher_id"], "lessons": 1}]


async def test_a_lesson_that_is_over_needs_no_substitute_and_a_period_has_its_bounds(office: Office) -> None:
    lesson = (await office.lessons(MONDAY))[0]
    office.stand_at(NEXT)
    late = await office.call("GET", f"/lessons/{lesson['id']}/substitutes")
    assert (late.status_code, late.json()["code"]) == (409, "lesson.took-place")
    for days in ("from=2026-09-07&to=2026-09-06", "from=2026-09-07&to=2027-09-06"):
        path = f"/organizations/{office.school.organization_id}/substitutions"
        for each in (f"{path}?{days}", f"{path}/needed?academic_year={YEAR}&{days}"):
            answer = await office.call("GET", each)
            assert (answer.status_code, answer.json()["code"]) == (422, "timetable.days")
