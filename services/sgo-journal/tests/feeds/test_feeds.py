"""Calendars that programs read by a secret address: who has them, what they show, when they end."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar

from asu_contracts.access import Role
from asu_contracts.core import StudentMerged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received
from sgo_journal.feeds import telling
from sgo_journal.feeds.service import MOST

from ..factories import (
    MONDAY,
    SEPTEMBER,
    School,
    audited,
    guardianship,
    hear,
    left,
    mark,
    movement,
    placement,
    profile,
    worker,
)
from ..timetable.office import Office


@pytest.fixture(autouse=True)
async def office(school: School) -> Office:
    office = await Office.of(school, today=MONDAY)
    await school.hire("Иванова", school.teacher_id)
    return office


@pytest.fixture
async def child(school: School) -> UUID:
    [child] = await school.enrol("Секретова")
    return child


@pytest.fixture
async def guardian(school: School, child: UUID) -> dict[str, str]:
    person = new_id()
    await hear(school.service, guardianship(person, child))
    return school.headers(Role.GUARDIAN, person)


async def made(school: School, headers: dict[str, str], **body: Any) -> dict[str, Any]:
    answer = await school.service.client.post("/feeds", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(school: School, feed: dict[str, Any], **headers: str) -> httpx.Response:
    return await school.service.client.get(feed["path"].removeprefix("/api/journal/v1"), headers=headers)


async def events(school: School, feed: dict[str, Any]) -> list[Any]:
    answer = await get(school, feed)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


async def test_a_calendar_shows_when_where_what_and_who_and_nothing_of_the_child(
    school: School, child: UUID, guardian: dict[str, str]
) -> None:
    room = await school.add_room("21")
    lesson = await school.lesson(room_id=str(room))
    await school.service.fetch("UPDATE lesson SET starts_at = '08:00', ends_at = '08:40'")
    await school.lesson(number=2)
    await school.save(mark(lesson, child, "5", comment="Умница"), headers=school.admin)
    given = await school.service.client.post(f"/lessons/{lesson}/homework", json={"text": "§ 7"}, headers=school.admin)
    assert given.status_code == 201, given.text
    feed = await made(school, guardian, student_id=str(child), label="Маша")
    answer = await get(school, feed)
    whole = answer.text.replace("\r\n ", "")
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/Moscow" in whole
    assert "TZOFFSETTO:+0300" in whole
    for hidden in ("Секретова", "Алиса", "Умница", "§ 7", str(child)):
        assert hidden not in whole, hidden
    first, second = await events(school, feed)
    assert (first["uid"], first["summary"]) == (f"{lesson}@lessons.asu-so", "Маша: Окружающий мир")
    assert first["dtstart"].dt.isoformat() == "2026-09-07T08:00:00+03:00"
    assert first["dtend"].dt.isoformat() == "2026-09-07T08:40:00+03:00"
    assert (first["location"], first["description"], first["status"]) == ("каб. 21", "1 урок\nИванова М.", "CONFIRMED")
    assert second["dtstart"].dt == MONDAY, "no bells are known of it: it is of the day"
    told = await made(school, guardian, student_id=str(child), homework=True)
    assert (await events(school, told))[0]["description"] == "1 урок\nИванова М.\nЗадано: § 7"


async def test_the_secret_is_shown_once_and_kept_nowhere(school: School, child: UUID, guardian: dict[str, str]) -> None:
    keyed = {**guardian, "Idempotency-Key": "once-and-only"}
    feed = await made(school, keyed, student_id=str(child))
    secret = feed["path"].rpartition("/")[2].removesuffix(".ics")
    again = await school.service.client.post("/feeds", json={"student_id": str(child)}, headers=keyed)
    assert (again.status_code, again.json()["id"], again.json()["path"]) == (200, feed["id"], None)
    [kept] = await school.service.fetch("SELECT * FROM feed")
    assert kept["secret_hash"] == sha256(secret.encode()).digest()
    for table in ("feed", "idempotency", "audit", "outbox"):
        rows = await school.service.fetch(f"SELECT t::text AS row FROM {table} AS t")
        assert not [row for row in rows if secret in row["row"]], table
    [listed] = (await school.service.client.get("/feeds", headers=guardian)).json()["items"]
    assert (listed["id"], listed["student_id"], listed["read_on"]) == (feed["id"], str(child), None)
    assert "path" not in listed
    await get(school, feed)
    [listed] = (await school.service.client.get("/feeds", headers=guardian)).json()["items"]
    assert listed["read_on"] == MONDAY.isoformat()
    assert ("guardian", "feed.make", [child]) in await audited(school)


async def test_what_programs_read_in_a_day_is_told_by_organization_without_names(
    school: School, child: UUID, guardian: dict[str, str]
) -> None:
    runtime = school.service.runtime
    feeds = [await made(school, guardian, student_id=str(child)) for _ in range(2)]
    feeds.append(await made(school, school.teacher))
    unread = await made(school, school.teacher)
    for feed in (*feeds, feeds[0]):  # read twice is read
        await get(school, feed)
    await telling.record(runtime)
    assert await left(school) == [], "the day is not over"
    await school.service.client.delete(f"/feeds/{feeds[0]['id']}", headers=guardian)
    runtime.clock = FixedClock(datetime(2026, 9, 7, 22, tzinfo=UTC))  # past midnight in the region
    for _ in range(2):
        await telling.record(runtime)
    told = await left(school)
    assert [(one.kind, one.role, one.persons, one.organization_id) for one in told] == [
        ("feed", "guardian", 2, school.organization_id), ("feed", "teacher", 1, school.organization_id),
    ]  # fmt: skip
    assert {one.sha256 for one in told} == {None}
    assert str(child) not in str(told)
    assert (await get(school, unread)).status_code == 200
    assert len(await school.service.fetch("SELECT FROM feed_reading")) == 1


async def test_the_right_is_that_of_the_day_it_is_read(school: School, child: UUID) -> None:
    guardian, tie = new_id(), new_id()
    await hear(school.service, received(guardianship(guardian, child, guardianship_id=tie), version=1))
    feed = await made(school, school.headers(Role.GUARDIAN, guardian), student_id=str(child))
    tomorrow = MONDAY + timedelta(days=1)
    states: list[tuple[dict[str, Any], int]] = [
        ({"may_see": False}, 404), ({"until": tomorrow}, 200), ({"until": MONDAY}, 404), ({}, 200),
    ]  # fmt: skip
    for version, (state, status) in enumerate(states, 2):
        await hear(
            school.service, received(guardianship(guardian, child, guardianship_id=tie, **state), version=version)
        )
        assert (await get(school, feed)).status_code == status, state


async def test_a_child_is_followed_into_the_card_it_was_merged_into(school: School, child: UUID) -> None:
    await school.lesson()
    guardian, tie, survivor = new_id(), new_id(), new_id()
    await hear(school.service, received(guardianship(guardian, child, guardianship_id=tie), version=1))
    feed = await made(school, school.headers(Role.GUARDIAN, guardian), student_id=str(child))
    placed = placement(school.organization_id, school.group_id)
    await hear(school.service, profile(survivor, "Новая"), movement(survivor, SEPTEMBER, opened=placed))
    assert len(await events(school, feed)) == 1
    await hear(school.service, received(StudentMerged(student_id=child, merged_into=survivor), version=1))
    assert (await get(school, feed)).status_code == 404, "the right is that over the card there is"
    await hear(school.service, received(guardianship(guardian, survivor, guardianship_id=tie), version=2))
    assert len(await events(school, feed)) == 1, "both cards were in the class: a lesson is one event"


async def test_a_lesson_keeps_its_name_whatever_becomes_of_it(
    office: Office, child: UUID, guardian: dict[str, str]
) -> None:
    school = office.school
    first, second = await school.lesson(), await school.lesson(number=2)
    feed = await made(school, guardian, student_id=str(child))
    before = {one["uid"]: one for one in await events(school, feed)}
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 12, tzinfo=UTC))
    moved = await office.call("PATCH", f"/lessons/{first}/slot", 1, date="2026-09-08", reason="Карантин")
    assert moved.status_code == 200, moved.text
    cancelled = await office.call("POST", f"/lessons/{second}/cancellation", 1, reason="Морозы")
    assert cancelled.status_code == 200, cancelled.text
    after = {one["uid"]: one for one in await events(school, feed)}
    assert after.keys() == before.keys() == {f"{first}@lessons.asu-so", f"{second}@lessons.asu-so"}
    one, other = after[f"{first}@lessons.asu-so"], after[f"{second}@lessons.asu-so"]
    assert (one["status"], other["status"]) == ("CONFIRMED", "CANCELLED")
    assert {item["dtstamp"].dt for item in after.values()} == {datetime(2026, 9, 7, 12, tzinfo=UTC)}
    assert one["dtstart"].dt.isoformat() == "2026-09-08T08:30:00+03:00", "the hour is that of the bells"
    assert one["sequence"] > before[one["uid"]]["sequence"]
    assert other["summary"] == "Отменён: Окружающий мир"


async def plan(office: Office, **more: Any) -> str:
    school = office.school
    body = {
        "kind": "excursion",
        "title": "Музей",
        "learners_ids": [str(school.group_id)],
        "starts_on": "2026-09-11",
        "ends_on": "2026-09-11",
        "responsible_id": str(school.teacher_id),
        "over_lessons": True,
        "over_events": True,
        **more,
    }
    made = await office.call("POST", f"/organizations/{school.organization_id}/class-events", **body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_class_events_stand_beside_lessons(office: Office, child: UUID, guardian: dict[str, str]) -> None:
    school = office.school
    room = await school.add_room("актовый зал")
    times = {"starts_at": "10:00:00", "ends_at": "12:30:00"}
    museum = await plan(office, **times, place="Краеведческий музей", note="Сбор у входа")
    trip = await plan(office, title="Поход", kind="trip", starts_on="2026-09-12", ends_on="2026-09-13")
    hour = await plan(office, title="Классный час", starts_on="2026-09-14", ends_on="2026-09-14", room_id=str(room))
    await plan(office, title="Чужое", learners_ids=[str(await office.another_class("5 «Б»"))])
    feed = await made(school, guardian, student_id=str(child), label="Маша")
    before = await get(school, feed)
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 12, tzinfo=UTC))
    cancelled = await office.call("POST", f"/class-events/{hour}/cancellation", 1, reason="Карантин у Секретовой")
    assert cancelled.status_code == 200, cancelled.text
    shown = {one["uid"]: one for one in await events(school, feed)}
    assert [uid.partition("@")[0] for uid in shown] == [museum, trip, hour]
    first, second, third = shown.values()
    assert (first["uid"], first["summary"]) == (f"{museum}@events.asu-so", "Маша: Музей")
    assert first["dtstart"].dt.isoformat() == "2026-09-11T10:00:00+03:00"
    assert first["dtend"].dt.isoformat() == "2026-09-11T12:30:00+03:00"
    assert (first["location"], first["description"], first["class"]) == ("Краеведческий музей", "Иванова М.", "PRIVATE")
    assert (second["dtstart"].dt, second["dtend"].dt) == (date(2026, 9, 12), date(2026, 9, 14)), "of whole days"
    assert (third["summary"], third["status"]) == ("Маша: Отменено: Классный час", "CANCELLED")
    assert (third["location"], third["sequence"]) == ("каб. актовый зал", 1)
    assert third["dtstamp"].dt == datetime(2026, 9, 7, 12, tzinfo=UTC)
    after = await get(school, feed)
    assert "Секретов" not in after.text
    assert "Сбор" not in after.text
    assert after.headers["etag"] != before.headers["etag"]


async def test_class_events_are_of_those_who_are_in_the_class_then_and_of_who_is_responsible(
    office: Office, child: UUID
) -> None:
    school = office.school
    await plan(office, title="До")
    await plan(office, title="После", starts_on="2026-09-25", ends_on="2026-09-25")
    mine = await made(school, school.headers(Role.STUDENT, child))
    assert [one["summary"] for one in await events(school, mine)] == ["До", "После"]
    await school.depart(child, date(2026, 9, 20))
    assert [one["summary"] for one in await events(school, mine)] == ["До"]
    assert [one["summary"] for one in await events(school, await made(school, school.teacher))] == ["До", "После"]
    other = await school.hire("Другая")
    assert await events(school, await made(school, school.headers(Role.TEACHER, other))) == []


async def test_what_has_not_changed_is_not_sent_again(school: School, child: UUID, guardian: dict[str, str]) -> None:
    await school.lesson()
    feed = await made(school, guardian, student_id=str(child))
    first = await get(school, feed)
    assert first.headers["cache-control"] == "private, max-age=900"
    same = await get(school, feed, **{"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await school.lesson(number=2)
    changed = await get(school, feed, **{"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.headers["etag"] != first.headers["etag"]) == (200, True)


async def test_it_reaches_two_weeks_back_and_eight_ahead(school: School, child: UUID, guardian: dict[str, str]) -> None:
    days = [-15, -14, 55, 56]
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 30, 22, 30, tzinfo=UTC))
    today = date(2026, 10, 1)
    for day in days:
        await school.lesson(today + timedelta(days=day))
    shown = await events(school, await made(school, guardian, student_id=str(child)))
    assert [one["dtstart"].dt - today for one in shown] == [timedelta(days=-14), timedelta(days=55)]


async def test_a_teachers_calendar_is_of_the_own_lessons_until_the_post_ends(school: School) -> None:
    other = await school.hire("Другая")
    await school.set_lessons(await school.planned(), await school.planned(number=2, teacher_id=str(other)))
    feed = await made(school, school.teacher)
    [event] = await events(school, feed)
    assert event["summary"] == "Окружающий мир, 5 «А»"
    assert event["description"] == "1 урок"
    await hear(school.service, received(worker(school.teacher_id, "Иванова"), version=2))
    assert (await get(school, feed)).status_code == 404


async def test_a_new_secret_ends_the_old_one_and_taking_back_ends_both(
    school: School, child: UUID, guardian: dict[str, str]
) -> None:
    feed = await made(school, guardian, student_id=str(child))
    path, client = f"/feeds/{feed['id']}", school.service.client
    stranger = school.headers(Role.GUARDIAN, new_id())
    theirs = [
        await client.post(f"{path}/secret", headers={**stranger, "If-Match": '"1"'}),
        await client.delete(path, headers=stranger),
    ]
    assert [answer.status_code for answer in theirs] == [404, 404]
    renewed = await client.post(f"{path}/secret", headers={**guardian, "If-Match": '"1"'})
    assert (renewed.status_code, renewed.json()["version"]) == (200, 2)
    stale = await client.post(f"{path}/secret", headers={**guardian, "If-Match": '"1"'})
    assert stale.status_code == 412
    assert [(await get(school, one)).status_code for one in (feed, renewed.json())] == [404, 200]
    assert (await client.delete(path, headers=guardian)).status_code == 204
    assert (await get(school, renewed.json())).status_code == 404
    assert (await client.get("/feeds", headers=guardian)).json()["items"] == []


async def test_whose_calendar_is_asked_for_is_judged(school: School, child: UUID, guardian: dict[str, str]) -> None:
    [other] = await school.enrol("Чужая")
    asked: list[tuple[dict[str, str], dict[str, Any], int, str]] = [
        (guardian, {}, 422, "feeds.of-whom"),
        (guardian, {"student_id": str(other)}, 404, "not-found"),
        (school.teacher, {"student_id": str(child)}, 422, "feeds.of-whom"),
        (school.headers(Role.STUDENT, child), {"student_id": str(other)}, 404, "not-found"),
        (guardian, {"student_id": str(child), "label": "А" * 31}, 422, "request.invalid"),
    ]
    for headers, body, status, code in asked:
        answer = await school.service.client.post("/feeds", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    assert await school.service.fetch("SELECT FROM feed") == []
    assert await events(school, await made(school, school.headers(Role.STUDENT, child))) == []


async def test_there_are_not_too_many(school: School, child: UUID, guardian: dict[str, str]) -> None:
    for _ in range(MOST):
        await made(school, guardian, student_id=str(child))
    answer = await school.service.client.post("/feeds", json={"student_id": str(child)}, headers=guardian)
    assert (answer.status_code, answer.json()["code"]) == (409, "feeds.too-many")
    await made(school, school.headers(Role.STUDENT, child))


async def test_a_calendar_is_not_read_without_end(school: School, child: UUID, guardian: dict[str, str]) -> None:
    feed, another = [await made(school, guardian, student_id=str(child)) for _ in range(2)]
    statuses = [(await get(school, feed)).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    refused = await get(school, feed)
    assert (refused.json()["code"], int(refused.headers["retry-after"]) > 0) == ("rate-limited", True)
    assert (await get(school, another)).status_code == 200
