"""Families and staff tell of absences ahead; the class teacher sees them, and whose absence nobody explained."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..daycare.kindergarten import as_kindergarten, cell, saved, stand_at
from ..factories import MONDAY, School, audited, guardianship, hear, noted
from ..test_merged_students import merge

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


async def child(school: School, last_name: str = "Образцова", **of: Any) -> tuple[UUID, dict[str, str]]:
    """A student of the class and the headers of a guardian."""
    [student] = await school.enrol(last_name)
    guardian = new_id()
    await hear(school.service, guardianship(guardian, student, **of))
    return student, school.headers(Role.GUARDIAN, guardian)


async def tell(
    school: School,
    student: UUID,
    headers: Mapping[str, str],
    since: date = MONDAY,
    until: date | None = None,
    reason: str = "illness",
    **more: Any,
) -> httpx.Response:
    body = {"starts_on": since.isoformat(), "ends_on": (until or since).isoformat(), "reason": reason, **more}
    return await school.service.client.post(f"/students/{student}/absence-notices", json=body, headers=dict(headers))


async def change(
    school: School, notice: Mapping[str, Any], what: str, headers: Mapping[str, str], **body: Any
) -> httpx.Response:
    return await school.service.client.post(
        f"/absence-notices/{notice['id']}/{what}",
        json=body or None,
        headers={**headers, "If-Match": f'"{notice["version"]}"'},
    )


async def of_day(school: School, what: str, day: date = MONDAY, headers: Mapping[str, str] | None = None) -> Any:
    answer = await school.service.client.get(
        f"/groups/{school.group_id}/{what}", params={"date": day.isoformat()}, headers=dict(headers or school.admin)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_guardian_tells_and_the_class_teacher_accepts(school: School) -> None:
    await school.appoint(school.teacher_id)
    student, guardian = await child(school)
    made = await tell(school, student, guardian, MONDAY, WEDNESDAY, note="Вернёмся в четверг")
    assert made.status_code == 201, made.text
    assert (made.json()["by_staff"], made.json()["version"]) == (False, 1)
    for day in (MONDAY, WEDNESDAY):
        [one] = await of_day(school, "absence-notices", day, school.teacher)
        assert (one["name"], one["notice"]["note"], one["absent"]) == ("Образцова Алиса", "Вернёмся в четверг", None)
    assert await of_day(school, "absence-notices", WEDNESDAY + timedelta(days=1)) == []
    accepted = await change(school, made.json(), "acceptance", school.teacher)
    assert accepted.json()["accepted_at"] is not None
    assert (await change(school, made.json(), "acceptance", school.teacher)).json()["code"] == "absence-notice.accepted"
    listed = await school.service.client.get(f"/students/{student}/absence-notices", headers=guardian)
    assert [(one["id"], one["version"]) for one in listed.json()["items"]] == [(made.json()["id"], 2)]
    actions = [action for _, action, _ in await audited(school)]
    assert actions == ["absence-notices.day"] * 3 + ["absence-notice.change"], "a family's own reading is not audited"


@pytest.mark.parametrize(
    ("since", "until", "family", "staff"),
    [
        (MONDAY - timedelta(days=1), MONDAY, 422, 201),
        (date(2026, 9, 1), MONDAY, 422, 201),
        (date(2026, 8, 31), MONDAY, 422, 422),
        (TUESDAY, MONDAY, 422, 422),
        (MONDAY, MONDAY + timedelta(days=366), 201, 201),
        (MONDAY, MONDAY + timedelta(days=367), 422, 422),
    ],
)
async def test_days_of_a_notice(school: School, since: date, until: date, family: int, staff: int) -> None:
    student, guardian = await child(school)
    other, _ = await child(school)
    told = await tell(school, student, guardian, since, until)
    entered = await tell(school, other, school.headers(Role.SECRETARY), since, until)
    assert (told.status_code, entered.status_code) == (family, staff), (told.text, entered.text)
    if family == 422:
        assert told.json()["code"] == "absence-notice.days"


async def test_nobody_tells_of_a_stranger_or_with_an_unknown_reason(school: School) -> None:
    student, guardian = await child(school)
    _, stranger = await child(school, may_see=False)
    other = await School(school.service).open()
    for headers in (stranger, other.admin, school.teacher):
        assert (await tell(school, student, headers)).status_code == 404
    unknown = await tell(school, student, guardian, reason="laziness")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "absence-notice.reason-unknown")
    await school.depart(student, TUESDAY)
    gone = await tell(school, student, guardian, TUESDAY)
    assert (gone.status_code, gone.json()["code"]) == (422, "absence-notice.not-studying")
    assert (await tell(school, student, guardian, MONDAY)).status_code == 201


async def test_notices_never_overlap_even_when_two_tell_at_once(school: School) -> None:
    student, guardian = await child(school)
    answers = await asyncio.gather(*(tell(school, student, guardian, MONDAY, WEDNESDAY) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    refused = await tell(school, student, guardian, WEDNESDAY, WEDNESDAY + timedelta(days=3))
    assert (refused.status_code, refused.json()["code"]) == (409, "absence-notice.overlaps")
    assert (await tell(school, student, guardian, WEDNESDAY + timedelta(days=1))).status_code == 201


async def test_a_family_withdraws_before_the_day_and_shortens_after(school: School) -> None:
    student, guardian = await child(school)
    ahead = (await tell(school, student, guardian, TUESDAY, WEDNESDAY)).json()
    stranger = (await child(school))[1]
    assert (await change(school, ahead, "withdrawal", stranger)).status_code == 404
    assert (await change(school, ahead | {"version": 5}, "withdrawal", guardian)).status_code == 412
    assert (await change(school, ahead, "withdrawal", guardian)).json()["withdrawn_at"] is not None
    assert (await change(school, ahead, "withdrawal", guardian)).json()["code"] == "absence-notice.withdrawn"
    of_school = (await tell(school, student, school.admin, TUESDAY, WEDNESDAY)).json()
    assert (await change(school, of_school, "withdrawal", guardian)).json()["code"] == "absence-notice.of-staff"
    sooner = await change(school, of_school, "end", guardian, last_day=TUESDAY.isoformat())
    assert (sooner.status_code, sooner.json()["code"]) == (409, "absence-notice.of-staff")
    assert (await change(school, of_school, "withdrawal", school.admin)).status_code == 200
    begun = (await tell(school, student, guardian, MONDAY, MONDAY + timedelta(days=10))).json()
    assert (await change(school, begun, "withdrawal", guardian)).json()["code"] == "absence-notice.begun"
    stand_at(school.service, MONDAY + timedelta(days=5))
    for last in (MONDAY + timedelta(days=3), MONDAY - timedelta(days=1), MONDAY + timedelta(days=10)):
        wrong = await change(school, begun, "end", guardian, last_day=last.isoformat())
        assert (wrong.status_code, wrong.json()["code"]) == (422, "absence-notice.end")
    shorter = await change(school, begun, "end", guardian, last_day=(MONDAY + timedelta(days=4)).isoformat())
    assert (shorter.json()["ends_on"], shorter.json()["version"]) == ("2026-09-11", 2)
    assert (await change(school, shorter.json(), "withdrawal", school.admin)).status_code == 200


async def test_announced_and_actual_absences_of_a_day_meet(school: School) -> None:
    ill, well = (await child(school, "Аистов")), (await child(school, "Белова"))
    [truant, present] = await school.enrol("Волков", "Громов")
    for student, guardian in (ill, well):
        await tell(school, student, guardian)
    lesson = await school.lesson()
    await school.save(
        attendance=[noted(lesson, ill[0], "sick"), noted(lesson, truant, "absent"), noted(lesson, present, "late")]
    )
    told = {one["name"]: one["absent"] for one in await of_day(school, "absence-notices")}
    assert told == {"Аистов Алиса": True, "Белова Алиса": None}, "the lesson's attendance is not checked yet"
    await school.service.client.patch(
        f"/lessons/{lesson}", json={"attendance_checked": True}, headers={**school.teacher, "If-Match": '"1"'}
    )
    told = {one["name"]: one["absent"] for one in await of_day(school, "absence-notices")}
    assert told == {"Аистов Алиса": True, "Белова Алиса": False}
    [one] = await of_day(school, "unexplained-absences")
    assert one == {"student_id": str(truant), "name": "Волков Алиса", "codes": ["absent"], "lessons": 1}
    assert await of_day(school, "unexplained-absences", TUESDAY) == []
    forbidden = await school.service.client.get(
        f"/groups/{school.group_id}/unexplained-absences", headers=school.teacher
    )
    assert forbidden.status_code == 403, "the teacher of a subject leads no class"


async def test_the_office_sees_who_is_announced_in_all_classes(school: School) -> None:
    told = []
    for name in ("Аистов", "Белова", "Волков"):
        student, guardian = await child(school, name)
        told.append((await tell(school, student, guardian, MONDAY, TUESDAY)).json())
    await change(school, told[2], "withdrawal", school.admin)
    path = f"/organizations/{school.organization_id}/absence-notices"
    shown: list[str] = []
    params: dict[str, Any] = {"date": TUESDAY.isoformat(), "limit": 1}
    while True:
        page = (await school.service.client.get(path, params=params, headers=school.headers(Role.SECRETARY))).json()
        shown += [one["name"] for one in page["items"]]
        if page["next"] is None:
            break
        params["after"] = page["next"]
    assert shown == ["Аистов Алиса", "Белова Алиса"]
    params = {"date": WEDNESDAY.isoformat()}
    assert (await school.service.client.get(path, params=params, headers=school.admin)).json()["items"] == []


async def test_absences_in_subgroups_are_of_the_class(school: School) -> None:
    [first, second] = await school.enrol("Аистов", "Белова")
    [group, _] = await school.divide([first], [second])
    journal = await school.teach("Английский язык", learners_id=group, of_teaching_group=True)
    lesson = await school.lesson(journal_id=journal)
    saved_ = await school.save(attendance=[noted(lesson, first, "absent")], journal_id=journal)
    assert saved_.status_code == 200, saved_.text
    assert [one["student_id"] for one in await of_day(school, "unexplained-absences")] == [str(first)]


async def test_a_teacher_is_offered_the_code_and_no_more(school: School) -> None:
    student, guardian = await child(school)
    await tell(school, student, guardian, MONDAY, MONDAY + timedelta(days=10), note="Подробности", reason="sanatorium")
    path = f"/journals/{await school.journal()}/announced-absences"
    params = {"from": MONDAY.isoformat(), "to": WEDNESDAY.isoformat()}
    answer = await school.service.client.get(path, params=params, headers=school.teacher)
    assert answer.json()["items"] == [
        {
            "student_id": str(student),
            "first_day": "2026-09-07",
            "last_day": "2026-09-09",
            "code": "excused",
            "sign": "УП",
            "title": "отсутствовал по уважительной причине",
        }
    ]
    long = {"from": MONDAY.isoformat(), "to": (MONDAY + timedelta(days=92)).isoformat()}
    refused = await school.service.client.get(path, params=long, headers=school.teacher)
    assert (refused.status_code, refused.json()["code"]) == (422, "absence-notice.span")
    stranger = await school.service.client.get(path, params=params, headers=school.headers(Role.TEACHER, new_id()))
    assert stranger.status_code == 404
    stands_in = await school.hire("Петрова")
    await school.lesson(MONDAY + timedelta(days=1), teacher_id=str(stands_in))
    answer = await school.service.client.get(path, params=params, headers=school.headers(Role.TEACHER, stands_in))
    assert [(one["first_day"], one["last_day"]) for one in answer.json()["items"]] == [("2026-09-08", "2026-09-08")]
    await school.depart(student, WEDNESDAY)
    answer = await school.service.client.get(path, params=params, headers=school.teacher)
    assert [(one["first_day"], one["last_day"]) for one in answer.json()["items"]] == [("2026-09-07", "2026-09-08")]
    after = {"from": MONDAY.isoformat(), "to": (MONDAY + timedelta(days=10)).isoformat()}
    gone, theirs = await child(school, "Ушедшая")
    await tell(school, gone, theirs, MONDAY + timedelta(days=5), MONDAY + timedelta(days=8))
    await school.depart(gone, WEDNESDAY)
    answer = await school.service.client.get(path, params=after, headers=school.teacher)
    assert str(gone) not in answer.text, "what is told of days after a student has left is nobody's matter here"


async def test_a_confirmed_day_of_a_preschool_group_takes_what_was_told(school: School) -> None:
    await as_kindergarten(school)
    student, guardian = await child(school, "Аистов")
    came, of_came = await child(school, "Белова")
    [other] = await school.enrol("Волков")
    await tell(school, student, guardian, reason="vacation")
    await tell(school, came, of_came)
    found = await saved(school, cell(came, MONDAY, "present"), confirm=[MONDAY])
    assert {one["student_id"]: one["code"] for one in found["confirmed"]} == {
        str(student): "vacation",
        str(other): "present",
    }
    told = {one["name"]: one["absent"] for one in await of_day(school, "absence-notices", headers=school.teacher)}
    assert told == {"Аистов Алиса": True, "Белова Алиса": False}
    await saved(school, cell(other, MONDAY, "unexcused", 1))
    [one] = await of_day(school, "unexplained-absences", headers=school.teacher)
    assert one == {"student_id": str(other), "name": "Волков Алиса", "codes": ["unexcused"], "lessons": None}


async def test_a_notice_follows_the_card(school: School) -> None:
    student, guardian = await child(school)
    survivor = new_id()
    await tell(school, student, guardian)
    await hear(school.service, merge(student, survivor, 4))
    [one] = await of_day(school, "absence-notices")
    assert one["notice"]["student_id"] == str(survivor)
    await hear(school.service, merge(student, None, 5))
    [one] = await of_day(school, "absence-notices")
    assert one["notice"]["student_id"] == str(student)


async def test_notices_of_two_cards_that_meet_are_shortened_and_never_lengthened(school: School) -> None:
    student, guardian = await child(school)
    survivor, _ = await child(school)
    longer = (await tell(school, student, guardian, MONDAY, MONDAY + timedelta(days=10))).json()
    await tell(school, survivor, school.admin, WEDNESDAY, MONDAY + timedelta(days=12))
    await hear(school.service, merge(student, survivor, 4))
    last = (MONDAY + timedelta(days=9)).isoformat()
    shorter = await change(school, longer, "end", school.admin, last_day=last)
    assert (shorter.status_code, shorter.json()["ends_on"]) == (200, last), shorter.text
    connection = await school.service.database.connect()
    for wider in ("ends_on = ends_on + 1", "starts_on = starts_on - 1"):
        with pytest.raises(asyncpg.PostgresError) as held:
            await connection.execute(f"UPDATE absence_notice SET {wider} WHERE id = $1", UUID(longer["id"]))
        assert held.value.sqlstate == "ASJ30"
    await connection.close()
