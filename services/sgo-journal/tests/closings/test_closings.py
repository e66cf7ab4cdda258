"""A period is closed when its check list is clean or for a reason; then nothing slips in until an order opens it."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id

from ..factories import School, mark, noted
from ..locks import waiting
from ..test_lessons import count
from ..totals.columns import save, total
from .samples import FRIDAY, ORDER, WEEK


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year(WEEK)


async def close(school: School, learners_id: UUID | None = None, **body: Any) -> httpx.Response:
    return await school.service.client.post(
        f"/groups/{learners_id or school.group_id}/closings", json={"period": 1, **body}, headers=school.admin
    )


async def check(school: School) -> dict[str, int]:
    answer = await school.service.client.get(
        f"/groups/{school.group_id}/period-check", params={"period": 1}, headers=school.admin
    )
    assert answer.status_code == 200, answer.text
    return {one["gap"]: one["count"] for one in answer.json()["gaps"]}


async def places(school: School, gap: str, **params: Any) -> dict[str, Any]:
    answer = await school.service.client.get(
        f"/groups/{school.group_id}/period-check/{gap}", params={"period": 1, **params}, headers=school.admin
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def codes(answer: httpx.Response) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]]


async def test_a_class_is_closed_when_everything_is_filled_in(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    lesson = await school.lesson(FRIDAY)
    await school.save(mark(lesson, first, "debt"))
    left = {"topic": 1, "attendance": 1, "homework": 1, "total": 2, "debt": 1}
    assert await check(school) == left
    refused = await close(school)
    assert (refused.status_code, refused.json()["code"], refused.json()["gaps"]) == (409, "closings.gaps-left", left)
    assert await count(school.service, "period_closing") == 0
    [debt] = (await places(school, "debt"))["items"]
    assert (debt["lesson_id"], debt["student_id"], debt["date"]) == (lesson, str(first), FRIDAY.isoformat())
    page = await places(school, "total", limit=1)
    rest = await places(school, "total", limit=1, after=page["next"])
    assert {one["student_id"] for one in [*page["items"], *rest["items"]]} == {str(first), str(second)}
    await school.give(lesson, "Читать")
    written = {"topic": "Лес", "attendance_checked": True}
    patched = await school.service.client.patch(
        f"/lessons/{lesson}", json=written, headers={**school.teacher, "If-Match": '"1"'}
    )
    assert patched.status_code == 200, patched.text
    await school.save(mark(lesson, first, "4", 1))
    await save(school, total(first, "4"), total(second, "5"))
    assert set((await check(school)).values()) == {0}
    assert (await close(school)).status_code == 201
    again = await close(school)
    assert (again.status_code, again.json()["code"]) == (409, "closings.already")


async def test_in_a_closed_period_nothing_is_written_until_an_order_opens_it(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson(FRIDAY)
    music = await school.teach("Музыка")
    await save(school, total(student, "5"))
    closing = (await close(school, reason="Учитель болеет")).json()["id"]
    late = await school.save(mark(lesson, student, "5"), attendance=[noted(lesson, student, "sick")])
    assert codes(late) == ["cells.period-closed"] * 2
    assert codes(await save(school, total(student, "4", 1))) == ["totals.period-closed"]
    connection = await school.service.database.connect()
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute("UPDATE total SET value = '2', version = 2")
    await connection.close()
    assert refused.value.sqlstate == "ASJ01"
    path = f"/closings/{closing}/unlocks"
    order = {**ORDER, "journal_id": str(await school.journal())}
    for wrong, code in (
        ({**order, "open_until": "2026-09-01T00:00:00Z"}, "closings.unlock-time"),
        ({**order, "order_date": "2026-09-08"}, "closings.unlock-time"),
        ({**order, "journal_id": str(new_id())}, "closings.journal-unknown"),
    ):
        answer = await school.service.client.post(path, json=wrong, headers=school.admin)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await school.service.client.post(path, json=order, headers=school.admin)).status_code == 201
    assert (await save(school, total(student, "4", 1))).json() == {"totals": [2]}
    assert codes(await save(school, total(student, "5"), journal_id=music)) == ["totals.period-closed"]
    [shown] = (await school.service.client.get(f"/groups/{school.group_id}/closings", headers=school.admin)).json()[
        "items"
    ]
    assert (shown["reason"], [one["order_number"] for one in shown["unlocks"]]) == ("Учитель болеет", ["17-о"])


async def test_a_closing_taken_back_opens_the_period_and_it_may_be_closed_anew(school: School) -> None:
    [student] = await school.enrol("Образцова")
    closing = (await close(school, reason="Рано")).json()["id"]
    path = f"/closings/{closing}/revocation"
    taken = await school.service.client.post(path, json={"reason": "Ошибка"}, headers=school.admin)
    assert (taken.status_code, taken.json()["revoked_for"]) == (200, "Ошибка")
    twice = await school.service.client.post(path, json={"reason": "Ошибка"}, headers=school.admin)
    assert (twice.status_code, twice.json()["code"]) == (409, "closings.revoked")
    assert (await save(school, total(student, "5"))).status_code == 200
    assert (await close(school, reason="Теперь верно")).status_code == 201


async def test_a_class_is_closed_with_its_subgroups_those_to_come_too_and_a_group_across_classes_apart(
    school: School,
) -> None:
    [student] = await school.enrol("Образцова")
    [early] = await school.divide([student])
    elective = await school.gather(student)
    english = await school.teach("Английский язык", learners_id=early, of_teaching_group=True)
    lesson = await school.lesson(FRIDAY, journal_id=english)
    closing = (await close(school, reason="Образец")).json()
    assert closing["learners_id"] == str(school.group_id)
    refused = await school.save(mark(lesson, student, "5"), journal_id=english)
    assert codes(refused) == ["cells.period-closed"]
    [late] = await school.divide([student])
    part = await school.teach("Технология", learners_id=late, of_teaching_group=True)
    for journal in (english, part):
        assert codes(await save(school, total(student, "5"), journal_id=journal)) == ["totals.period-closed"]
    lessons = [await school.planned(FRIDAY, journal_id=part)]
    path = f"/organizations/{school.organization_id}/lessons"
    unset = await school.service.client.post(path, json={"lessons": lessons}, headers=school.admin)
    assert codes(unset) == ["lesson.period-closed"]
    other = await school.teach("Астрономия", learners_id=elective, of_teaching_group=True)
    apart = await school.lesson(FRIDAY, journal_id=other)
    assert (await school.save(mark(apart, student, "5"), journal_id=other)).status_code == 200
    order = {**ORDER, "journal_id": str(part)}
    path = f"/closings/{closing['id']}/unlocks"
    assert (await school.service.client.post(path, json=order, headers=school.admin)).status_code == 201
    assert (await save(school, total(student, "5"), journal_id=part)).status_code == 200
    connection = await school.service.database.connect()
    with pytest.raises(asyncpg.PostgresError) as refused_there:
        await connection.execute("INSERT INTO mark SELECT organization_id, academic_year, gen_random_uuid(), $1, 1, $2, NULL, 1, '5', NULL,"
            " false, NULL, 1, $2, now(), NULL FROM lesson LIMIT 1", UUID(lesson), student)  # fmt: skip
    await connection.close()
    assert refused_there.value.sqlstate == "ASJ01"


async def test_an_order_opens_the_days_of_its_period_though_the_year_is_closed_too(school: School) -> None:
    school.service.runtime.clock = FixedClock(datetime(2027, 5, 26, 22, 30, tzinfo=UTC))
    [student] = await school.enrol("Образцова")
    later = await school.lesson()
    lesson = await school.lesson(FRIDAY)
    closings = [(await close(school, period=period, reason="Образец")).json() for period in (1, 0)]
    assert [one["last_day"] for one in closings] == ["2026-09-06", "2027-05-26"]
    order = {**ORDER, "open_until": "2099-01-01T00:00:00Z"}
    path = f"/closings/{closings[0]['id']}/unlocks"
    assert (await school.service.client.post(path, json=order, headers=school.admin)).status_code == 201
    assert (await school.save(mark(lesson, student, "5"), headers=school.admin)).status_code == 200
    assert (await save(school, total(student, "5"), headers=school.admin)).status_code == 200
    assert codes(await school.save(mark(later, student, "5"), headers=school.admin)) == ["cells.period-closed"]
    refused = await save(school, total(student, "5", kind="year"), total(student, "5", period=2), headers=school.admin)
    assert codes(refused) == ["totals.period-closed"] * 2, "the order is for the first period alone"
    path = f"/closings/{closings[1]['id']}/unlocks"
    assert (await school.service.client.post(path, json=order, headers=school.admin)).status_code == 201
    opened = await save(school, total(student, "5", kind="year"), total(student, "5", period=2), headers=school.admin)
    assert opened.status_code == 200
    assert (await school.save(mark(later, student, "5"), headers=school.admin)).status_code == 200


async def test_totals_of_the_year_stay_open_until_the_whole_year_is_closed_after_its_last_period(
    school: School,
) -> None:
    stays, graduate, gone = await school.enrol("Аистов", "Белов", "Воронов")
    await school.depart(graduate, date(2027, 5, 26))
    await school.depart(gone, date(2027, 5, 25))
    await school.lesson(FRIDAY)
    school.service.runtime.clock = FixedClock(datetime(2027, 5, 24, 22, 30, tzinfo=UTC))
    early = await close(school, period=0, reason="Образец")
    assert early.json()["code"] == "closings.not-over"
    school.service.runtime.clock = FixedClock(datetime(2027, 5, 25, 22, 30, tzinfo=UTC))
    assert (await close(school, period=5, reason="Образец")).status_code == 201
    missing = (await places(school, "total", period=0))["items"]
    assert {one["student_id"] for one in missing} == {str(stays), str(graduate)}
    marks = [total(stays, "5", kind=kind) for kind in ("year", "exam", "final")]
    assert (await save(school, *marks, total(graduate, "4", kind="year"), headers=school.admin)).status_code == 200
    answer = await school.service.client.get(
        f"/groups/{school.group_id}/results", params={"kind": "year"}, headers=school.admin
    )
    assert [one["standing"] for one in answer.json()["students"]] == ["excellent", "good"]
    assert (await close(school, period=0, reason="Образец")).status_code == 201
    assert codes(await save(school, total(stays, "4", 1, kind="exam"), headers=school.admin)) == [
        "totals.period-closed"
    ]


async def test_a_period_that_is_not_over_is_not_closed(school: School) -> None:
    answer = await close(school, period=0)
    assert (answer.status_code, answer.json()["code"]) == (409, "closings.not-over")
    unknown = await close(school, period=7)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "totals.period-unknown")


async def test_a_teacher_sees_the_check_list_of_the_own_class_alone(school: School) -> None:
    path, asked = f"/groups/{school.group_id}/period-check", {"period": 1}
    assert (await school.service.client.get(path, params=asked, headers=school.teacher)).status_code == 404
    await school.appoint(school.teacher_id)
    assert (await school.service.client.get(path, params=asked, headers=school.teacher)).status_code == 200
    stranger = school.headers(Role.TEACHER, new_id())
    assert (await school.service.client.get(path, params=asked, headers=stranger)).status_code == 404


async def test_a_save_under_way_is_waited_for_and_a_later_one_is_before_the_closing_or_refused(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson(FRIDAY)
    saver = await school.service.database.connect()
    under_way = saver.transaction()
    await under_way.start()
    await saver.execute("SELECT FROM journal FOR SHARE")
    closing = asyncio.create_task(close(school, reason="Образец"))
    await waiting(school)
    late = asyncio.create_task(school.save(mark(lesson, student, "5")))
    await saver.execute(
        "INSERT INTO mark (organization_id, academic_year, id, lesson_id, work, student_id, scale_id, value, version, changed_by,"
        " changed_at) VALUES ($1, 2026, $2, $3, 2, $4, 1, '4', 1, $2, now())",
        *(school.organization_id, new_id(), UUID(lesson), student),
    )
    assert not closing.done()
    await under_way.commit()
    answers = await asyncio.gather(closing, late)
    await saver.close()
    assert answers[0].status_code == 201, answers[0].text
    rows = await school.service.fetch("SELECT value, work FROM mark WHERE value IS NOT NULL")
    written = {(row["value"], row["work"]) for row in rows}
    if answers[1].status_code == 200:
        assert written == {("4", 2), ("5", 1)}, "it was judged before the closing began, and the closing waited for it"
    else:
        assert answers[1].json()["code"] in {"cells.period-closed", "cells.invalid"}
        assert written == {("4", 2)}
    assert codes(await school.save(mark(lesson, student, "2", 1))) == ["cells.period-closed"]


async def test_a_topic_that_comes_while_the_period_is_being_closed_is_refused(school: School) -> None:
    lesson = await school.lesson(FRIDAY)
    closer = await school.service.database.connect()
    closing = closer.transaction()
    await closing.start()
    await closer.execute("SELECT FROM journal FOR UPDATE")
    headers = {**school.teacher, "If-Match": '"1"'}
    late = asyncio.create_task(
        school.service.client.patch(f"/lessons/{lesson}", json={"topic": "Поздно"}, headers=headers)
    )
    await waiting(school)
    await closer.execute(
        "INSERT INTO period_closing (organization_id, academic_year, id, learners_id, title, first_day, last_day, closed_at, closed_by)"
        " VALUES ($1, 2026, $2, $3, 'I четверть', $4, $4, now(), $2)",
        *(school.organization_id, new_id(), school.group_id, FRIDAY),
    )
    await closing.commit()
    await closer.close()
    answer = await late
    assert (answer.status_code, answer.json()["code"]) == (409, "lesson.closed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lesson SET topic = 'Иначе'",
        "UPDATE lesson SET attendance_checked = true",
        "UPDATE homework SET text = 'Иначе', version = 2",
        "UPDATE lesson_work SET weight = 2",
        "DELETE FROM lesson_work",
        """INSERT INTO lesson_work SELECT organization_id, academic_year, gen_random_uuid(), lesson_id, 3, kind, title, weight, 1
             FROM lesson_work""",
        """INSERT INTO homework SELECT organization_id, academic_year, gen_random_uuid(), journal_id, lesson_id, due_lesson_id, due_date,
             text, individual, required, minutes, author_id, 1, created_at, removed_at FROM homework""",
    ],
)
async def test_the_database_lets_nothing_be_written_in_a_closed_period(school: School, statement: str) -> None:
    lesson = await school.lesson(FRIDAY)
    await school.give(lesson, "§ 1")
    body, headers = {"works": [{"number": 2, "kind": "test"}]}, {**school.admin, "If-Match": '"1"'}
    assert (await school.service.client.put(f"/lessons/{lesson}/works", json=body, headers=headers)).status_code == 200
    connection = await school.service.database.connect()
    await connection.execute(
        "INSERT INTO period_closing (organization_id, academic_year, id, learners_id, title, first_day, last_day, closed_at, closed_by)"
        " VALUES ($1, 2026, $2, $3, 'I четверть', $4, $4, now(), $2)",
        *(school.organization_id, new_id(), school.group_id, FRIDAY),
    )
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute(statement)
    assert refused.value.sqlstate == "ASJ01"
    await connection.execute("UPDATE lesson SET room_id = gen_random_uuid()")
    await connection.close()
