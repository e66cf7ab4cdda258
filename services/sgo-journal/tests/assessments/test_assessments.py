"""The schedule of assessments."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import MONDAY, School, entry, guardianship, hear
from ..homework.room import student
from ..timetable.office import Office, line

NEXT = MONDAY + timedelta(days=7)
PERIOD = {"from": NEXT.isoformat(), "to": (NEXT + timedelta(days=6)).isoformat()}


@pytest.fixture
async def office(school: School) -> Office:
    """A class with three lessons on Mondays, two of them of one teacher and subject; it is Monday."""
    office = await Office.of(school)
    await hear(school.service, entry("control", "Контрольная работа"))
    ours = await school.journal()
    music = await school.teach("Музыка", teacher_id=new_id())
    await office.published(line(ours, 1, 1), line(music, 1, 2), line(ours, 1, 3), line(music, 2, 1))
    office.stand_at(MONDAY)
    return office


async def plan(office: Office, lesson_id: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    body = {"lesson_id": lesson_id, "kind": "control", "title": "Входная", **more}
    return await office.school.service.client.post(
        f"/organizations/{office.school.organization_id}/assessments", json=body, headers=headers or office.keys
    )


async def schedule(office: Office, **more: Any) -> list[dict[str, Any]]:
    answer = await office.school.service.client.get(
        f"/organizations/{office.school.organization_id}/assessments", params={**PERIOD, **more}, headers=office.keys
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_one_a_day_for_a_class_and_the_class_is_named(office: Office) -> None:
    first, second, third, tuesday = await office.lessons(NEXT)
    made = await plan(office, second["id"])
    assert made.status_code == 201, made.text
    assert (made.json()["date"], made.json()["subject"], made.json()["remarks"]) == ("2026-09-14", "Музыка", [])
    refused = await plan(office, third["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment.too-many")
    [error] = refused.json()["errors"]
    assert error["code"] == "assessment.too-many-a-day"
    assert "5 «А»" in error["title"]
    assert (await plan(office, second["id"])).json()["code"] == "assessment.exists"
    assert (await plan(office, tuesday["id"])).status_code == 201
    federal = await plan(office, first["id"], level="federal", title="ВПР")
    assert [one["code"] for one in federal.json()["remarks"]] == ["first_lesson"]
    assert [(one["date"], one["number"]) for one in await schedule(office)] == [
        ("2026-09-14", 1), ("2026-09-14", 2), ("2026-09-15", 1)
    ]  # fmt: skip


async def test_a_lesson_goes_nowhere_its_assessment_would_be_too_many(office: Office) -> None:
    _, music, third, tuesday = await office.lessons(NEXT)
    assert (await plan(office, third["id"])).status_code == 201
    assert (await plan(office, tuesday["id"])).status_code == 201
    path = f"/lessons/{tuesday['id']}/slot"
    refused = await office.call("PATCH", path, 1, date=NEXT.isoformat(), number=5, reason="Экскурсия")
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment.too-many")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/body/date"]
    assert (await office.lessons(NEXT))[3]["date"] == tuesday["date"]
    moved = await office.call("PATCH", path, 1, date="2026-09-16", number=5, reason="Экскурсия")
    assert moved.status_code == 200, moved.text
    await office.call("POST", f"/lessons/{third['id']}/cancellation", 1, reason="Мороз")
    assert (await plan(office, music["id"])).status_code == 201
    back = await office.call("POST", f"/lessons/{third['id']}/restoration", 2, reason="Тепло")
    assert (back.status_code, back.json()["code"]) == (409, "assessment.too-many")


async def test_limits_are_the_organizations(office: Office) -> None:
    path = f"/organizations/{office.school.organization_id}/assessment-limits"
    assert (await office.call("GET", path)).json() == {"per_day": 1, "per_week": None, "version": 0}
    assert (await office.call("PUT", path, 0, per_day=3, per_week=2)).json()["version"] == 1
    assert (await office.call("PUT", path, 0, per_day=1)).status_code == 412
    first, second, third, _ = await office.lessons(NEXT)
    assert (await plan(office, first["id"])).status_code == 201
    assert (await plan(office, second["id"])).status_code == 201
    assert (await plan(office, third["id"])).status_code == 201  # the first one's subject on the same day
    [_, _, _, tuesday] = await office.lessons(NEXT)
    refused = await plan(office, tuesday["id"])
    assert [one["code"] for one in refused.json()["errors"]] == ["assessment.too-many-a-week"]
    assert (await office.call("PUT", path, 1, per_day=1)).json() == {"per_day": 1, "per_week": None, "version": 2}


async def test_an_assessment_goes_where_its_lesson_goes(office: Office) -> None:
    lesson = (await office.lessons(NEXT))[1]
    made = (await plan(office, lesson["id"])).json()
    await office.call("PATCH", f"/lessons/{lesson['id']}/slot", 1, date="2026-09-16", reason="Экскурсия")
    [moved] = await schedule(office, learners_id=str(office.school.group_id))
    assert (moved["id"], moved["date"], moved["number"]) == (made["id"], "2026-09-16", 2)
    await office.published(line(await office.school.journal(), 1, 1), since=NEXT)
    [kept] = await schedule(office)
    assert kept["lesson_state"] == "planned"
    assert not await schedule(office, learners_id=str(await office.another_class("2 «А»")))


async def test_a_lesson_with_an_assessment_is_cancelled_by_a_timetable_and_never_deleted(office: Office) -> None:
    lesson = (await office.lessons(NEXT))[1]
    await plan(office, lesson["id"])
    result = await office.published(line(await office.school.journal(), 1, 1), since=NEXT)
    assert result["cancelled"] == 1
    assert [(one["lesson_state"], one["lesson_id"]) for one in await schedule(office)] == [("cancelled", lesson["id"])]


async def test_families_see_what_is_published(office: Office) -> None:
    [child] = await office.school.enrol("Альфа")
    guardian = new_id()
    await hear(office.school.service, guardianship(guardian, child))
    lesson = (await office.lessons(NEXT))[1]
    await plan(office, lesson["id"])

    async def seen(by: dict[str, str]) -> httpx.Response:
        path = f"/students/{child}/assessments"
        return await office.school.service.client.get(path, params=PERIOD, headers=by)

    family = office.school.headers(Role.GUARDIAN, guardian)
    assert (await seen(family)).json() == []
    path = f"/organizations/{office.school.organization_id}/assessments/publication"
    days: dict[str, Any] = {"valid_from": NEXT.isoformat(), "valid_to": (NEXT + timedelta(days=7)).isoformat()}
    assert (await office.call("POST", path, **days)).json() == {"published": 1}
    assert (await office.call("POST", path, **days)).json() == {"published": 0}
    assert (await seen(family)).json() == [
        {"date": "2026-09-14", "number": 2, "subject": "Музыка", "kind": "control", "title": "Входная"}
    ]
    assert (await seen(student(office.school, child))).json() == (await seen(family)).json()
    for stranger in (office.school.headers(Role.GUARDIAN, new_id()), student(office.school, new_id())):
        assert (await seen(stranger)).status_code == 404
    await office.call("POST", f"/lessons/{lesson['id']}/cancellation", 1, reason="Мороз")
    assert (await seen(family)).json() == []


async def test_a_teacher_plans_at_the_own_lessons_alone_and_nothing_from_above(office: Office) -> None:
    first, second, _, _ = await office.lessons(NEXT)
    teacher = office.school.teacher
    assert (await plan(office, second["id"], teacher)).json()["errors"][0]["code"] == "assessment.lesson-unknown"
    assert (await plan(office, first["id"], teacher, level="region")).status_code == 403
    made = (await plan(office, first["id"], teacher)).json()
    changed = await office.call("PATCH", f"/assessments/{made['id']}", 1, title="Итоговая")
    assert (changed.json()["title"], changed.json()["version"]) == ("Итоговая", 2)
    stale = await office.call("PATCH", f"/assessments/{made['id']}", 1, title="Ещё")
    assert stale.status_code == 412
    stranger = office.school.headers(Role.TEACHER, new_id())
    client = office.school.service.client
    path = f"/assessments/{made['id']}"
    assert (await client.delete(path, headers={**stranger, "If-Match": '"2"'})).status_code == 403
    assert (await client.delete(path, headers={**teacher, "If-Match": '"1"'})).status_code == 412
    assert (await client.delete(path, headers={**teacher, "If-Match": '"2"'})).status_code == 204
    assert (await office.call("GET", path)).status_code == 404


async def test_what_cannot_be_assessed_is_refused(office: Office) -> None:
    lesson = (await office.lessons(NEXT))[0]
    unknown = await plan(office, str(new_id()))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "assessment.invalid")
    assert (await plan(office, lesson["id"], kind="nothing")).json()["errors"][0]["code"] == "assessment.kind-unknown"
    await office.call("POST", f"/lessons/{lesson['id']}/cancellation", 1, reason="Мороз")
    assert (await plan(office, lesson["id"])).json()["errors"][0]["code"] == "assessment.lesson-unknown"
    today = (await office.lessons(MONDAY))[0]
    made = (await plan(office, today["id"])).json()
    office.stand_at(MONDAY + timedelta(days=1))
    assert (await plan(office, (await office.lessons(MONDAY))[1]["id"])).json()["code"] == "assessment.took-place"
    late = await office.call("PATCH", f"/assessments/{made['id']}", 1, title="Поздно")
    assert (late.status_code, late.json()["code"]) == (409, "assessment.took-place")


async def test_a_page_goes_on_from_an_assessment_withdrawn_meanwhile(office: Office) -> None:
    _, music, _, tuesday = await office.lessons(NEXT)
    first = (await plan(office, music["id"])).json()
    second = (await plan(office, tuesday["id"])).json()
    path = f"/organizations/{office.school.organization_id}/assessments"
    page = (await office.school.service.client.get(path, params={**PERIOD, "limit": 1}, headers=office.keys)).json()
    assert [one["id"] for one in page["items"]] == [first["id"]]
    assert (await office.call("DELETE", f"/assessments/{first['id']}", 1)).status_code == 204
    assert [one["id"] for one in await schedule(office, after=page["next"])] == [second["id"]]


async def test_a_timetable_that_brings_too_many_together_is_not_published(office: Office) -> None:
    _, _, third, tuesday = await office.lessons(NEXT)
    ours, music = await office.school.journal(), tuesday["journal_id"]
    assert (await plan(office, third["id"])).status_code == 201
    assert (await plan(office, tuesday["id"])).status_code == 201
    lines = line(ours, 1, 1), line(music, 1, 2), line(ours, 1, 3), line(music, 1, 4)
    run = await office.publish(await office.draft(*lines, valid_from=NEXT.isoformat()), NEXT)
    assert (run["status"], run["problem"]["code"]) == ("failed", "assessment.too-many")
    [error] = run["problem"]["errors"]
    assert (error["code"], error["title"].endswith("5 «А», 14.09.2026")) == ("assessment.too-many-a-day", True)
    assert (await office.lessons(NEXT))[3]["date"] == tuesday["date"], "nothing of it is held"
    apart = line(ours, 1, 1), line(music, 1, 2), line(ours, 1, 3), line(music, 3, 1)
    assert (await office.publish(await office.draft(*apart, valid_from=NEXT.isoformat()), NEXT))[
        "status"
    ] == "succeeded"
