"""Shifts and lesson times: order, no two for one lesson, what sanitary rules say, which are in force on a day."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.testing import ServiceUnderTest
from sgo_core.bells.remarks import REMARKS, remarks

from .test_calendar import choose, post, region_sets, special
from .world import Registry

IF_FIRST = {"If-Match": '"1"'}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def lessons(*times: str, first: int = 1) -> list[dict[str, Any]]:
    """Lessons of ``HH:MM-HH:MM``."""
    return [
        {"number": number, "starts_at": one[:5], "ends_at": one[6:]} for number, one in enumerate(times, start=first)
    ]


GOOD = lessons("08:30-09:10", "09:20-10:00", "10:20-11:00", "11:20-12:00", "12:10-12:50")


def bells(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Обычный день",
        "shift": 1,
        "weekdays": [1, 2, 3, 4, 5],
        "grade_from": 1,
        "valid_from": "2026-09-01",
        "lessons": GOOD,
        **changes,
    }


async def school_with_shifts(registry: Registry) -> UUID:
    school = await registry.organization()
    for number, starts_at, ends_at in ((1, "08:00", "14:00"), (2, "13:30", "19:00")):
        body = {"number": number, "starts_at": starts_at, "ends_at": ends_at}
        await post(registry, registry.office(school), f"/organizations/{school}/shifts", body)
    return school


async def enter(registry: Registry, school: UUID, body: dict[str, Any]) -> httpx.Response:
    path = f"/organizations/{school}/bell-schedules"
    return await registry.service.client.post(path, json=body, headers=registry.office(school))


async def entered(registry: Registry, school: UUID, body: dict[str, Any]) -> dict[str, Any]:
    answer = await enter(registry, school, body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def of_day(registry: Registry, school: UUID, day: str, grade: int = 5, **params: Any) -> dict[str, Any]:
    path = f"/organizations/{school}/bells"
    answer = await registry.service.client.get(
        path, params={"date": day, "grade": grade, **params}, headers=registry.office(school)
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_bells_of_a_day_go_by_the_calendar(registry: Registry) -> None:
    school = await school_with_shifts(registry)
    await region_sets(registry)
    office = registry.office(school)
    usual = await entered(registry, school, bells(weekdays=[2, 3, 4, 5]))
    monday = await entered(registry, school, bells(weekdays=[1], lessons=lessons("08:00-08:30", "08:40-09:20")))
    short = await entered(
        registry,
        school,
        bells(day_kind="shortened", lessons=lessons("08:30-09:00", "09:10-09:40"), title="Сокращённый"),
    )
    second = await entered(registry, school, bells(shift=2, lessons=lessons("14:00-14:40")))
    assert (await of_day(registry, school, "2026-09-01"))["schedule_id"] == usual["id"]
    assert (await of_day(registry, school, "2026-09-07"))["schedule_id"] == monday["id"]
    assert (await of_day(registry, school, "2026-09-07", shift=2))["lessons"] == lessons("14:00-14:40")
    holiday = await of_day(registry, school, "2026-11-04")
    assert (holiday["study"], holiday["why"], holiday["lessons"]) == (False, "holiday", [])
    for day, more in (("2026-11-03", {"day_kind": "shortened"}), ("2026-10-17", {"as_weekday": 1})):
        await post(registry, office, "/calendar/special-days", special(day, "study", **more))
    assert (await of_day(registry, school, "2026-11-03"))["schedule_id"] == short["id"]
    assert (await of_day(registry, school, "2026-10-17"))["schedule_id"] == monday["id"]
    await choose(registry, office, "default_shift", 2, "2026-10-01")
    assert (await of_day(registry, school, "2026-09-30"))["schedule_id"] == usual["id"]
    assert (await of_day(registry, school, "2026-10-01"))["schedule_id"] == second["id"]


async def test_the_first_grade_has_times_of_its_own_by_halves_of_the_year(registry: Registry) -> None:
    school = await school_with_shifts(registry)
    await region_sets(registry)
    whole = await entered(registry, school, bells(grade_from=2))
    autumn = lessons("08:30-09:05", "09:15-09:50", "10:30-11:05")
    spring = lessons("08:30-09:10", "09:20-10:00", "10:40-11:20")
    first = bells(grade_to=1, lessons=autumn, valid_to="2027-01-01")
    await entered(registry, school, first)
    await entered(registry, school, {**first, "lessons": spring, "valid_from": "2027-01-01", "valid_to": None})
    assert (await of_day(registry, school, "2026-12-25", grade=1))["lessons"] == autumn
    assert (await of_day(registry, school, "2027-01-11", grade=1))["lessons"] == spring
    assert (await of_day(registry, school, "2027-01-11", grade=2))["schedule_id"] == whole["id"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"lessons": lessons("08:30-09:10", "09:05-09:45")}, 422, "bells.order"),
        ({"lessons": lessons("09:20-10:00", "08:30-09:10")}, 422, "bells.order"),
        ({"lessons": lessons("09:20-09:20")}, 422, "bells.order"),
        ({"lessons": [*lessons("08:30-09:10"), *lessons("09:20-10:00")]}, 422, "bells.order"),
        ({"grade_from": 5, "grade_to": 4}, 422, "bells.interval"),
        ({"valid_to": "2026-09-01"}, 422, "bells.interval"),
        ({"shift": 3}, 422, "bells.shift-unknown"),
        ({"day_kind": "unknown"}, 422, "reference-books.entry-unknown"),
        ({"lessons": lessons("07:30-08:10")}, 409, "bells.outside-shift"),
        ({"lessons": lessons("13:30-14:10")}, 409, "bells.outside-shift"),
        ({"weekdays": [5, 6], "grade_from": 11, "valid_from": "2030-01-01"}, 409, "bells.taken"),
    ],
)
async def test_lesson_times_that_cannot_be_are_refused(
    registry: Registry, changes: dict[str, Any], status: int, code: str
) -> None:
    school = await school_with_shifts(registry)
    await entered(registry, school, bells(weekdays=[5]))
    weekdays = changes.pop("weekdays", [1])
    answer = await enter(registry, school, bells(weekdays=weekdays, **changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await registry.value("SELECT count(*) FROM bell_schedule") == 1


@pytest.mark.parametrize("sent", [lessons("8:30-9:10"), lessons("24:00-24:40"), lessons("08:30-09:10", first=0), []])
async def test_times_and_numbers_are_read_strictly(registry: Registry, sent: list[dict[str, Any]]) -> None:
    school = await school_with_shifts(registry)
    assert (await enter(registry, school, bells(lessons=sent))).status_code == 422


async def test_the_database_refuses_lessons_out_of_order(registry: Registry) -> None:
    for times, whole in (
        ('[{"number": 1, "starts_at": "08:30", "ends_at": "09:10"}]', True),
        ("[]", False),
        ('[{"number": 1, "starts_at": "09:30", "ends_at": "09:10"}]', False),
        ('[{"number": 1, "starts_at": "8:30", "ends_at": "9:10"}]', False),
        ('[{"number": 1, "starts_at": "08:30"}]', False),
        (
            '[{"number": 1, "starts_at": "08:30", "ends_at": "09:10"}, {"number": 1, "starts_at": "09:20", "ends_at": "10:00"}]',
            False,
        ),
        (
            '[{"number": 1, "starts_at": "08:30", "ends_at": "09:10"}, {"number": 2, "starts_at": "09:00", "ends_at": "10:00"}]',
            False,
        ),
    ):
        assert await registry.value("SELECT bells_in_order($1::text::jsonb)", times) is whole, times


async def test_a_shift_keeps_its_lessons_inside(registry: Registry) -> None:
    school, client = await school_with_shifts(registry), registry.service.client
    office = registry.office(school)
    made = await entered(registry, school, bells())
    listed = (await client.get(f"/organizations/{school}/shifts", headers=office)).json()["items"]
    assert [one["number"] for one in listed] == [1, 2]
    path = f"/shifts/{listed[0]['id']}"
    for patch in ({"starts_at": "09:00"}, {"active": False}):
        answer = await client.patch(path, json={"reason": "Правка", **patch}, headers={**office, **IF_FIRST})
        assert (answer.status_code, answer.json()["code"]) == (409, "bells.outside-shift")
    answer = await client.patch(path, json={"reason": "Правка", "ends_at": "07:00"}, headers={**office, **IF_FIRST})
    assert (answer.status_code, answer.json()["code"]) == (422, "bells.shift-times")
    again = {"number": 1, "starts_at": "08:00", "ends_at": "14:00"}
    answer = await client.post(f"/organizations/{school}/shifts", json=again, headers=office)
    assert (answer.status_code, answer.json()["code"]) == (409, "bells.shift-exists")
    ended = {"reason": "Смена закрыта", "active": False}
    await client.patch(f"/bell-schedules/{made['id']}", json=ended, headers={**office, **IF_FIRST})
    answer = await client.patch(path, json={"reason": "Правка", "active": False}, headers={**office, **IF_FIRST})
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    back = {"reason": "Снова", "active": True}
    answer = await client.patch(f"/bell-schedules/{made['id']}", json=back, headers={**office, "If-Match": '"2"'})
    assert (answer.status_code, answer.json()["code"]) == (422, "bells.shift-unknown")


async def test_two_enter_the_same_at_once_and_one_is_told(registry: Registry) -> None:
    school = await school_with_shifts(registry)
    sent = (enter(registry, school, bells(weekdays=days)) for days in ([1, 2, 3], [3, 4, 5]))
    assert sorted(one.status_code for one in await asyncio.gather(*sent)) == [201, 409]


async def test_readers_are_told_and_the_history_is_kept(registry: Registry) -> None:
    school = await school_with_shifts(registry)
    office = registry.office(school)
    made = await entered(registry, school, bells(grade_from=2))
    assert made["remarks"] == {}
    path = f"/bell-schedules/{made['id']}"
    patch = {"reason": "Короче перемены", "lessons": lessons("08:30-09:15", "09:20-10:10")}
    edited = await registry.service.client.patch(path, json=patch, headers={**office, **IF_FIRST})
    assert edited.json()["remarks"].keys() == {"long_lesson", "short_break"}
    changes = (await registry.service.client.get(f"{path}/history", headers=office)).json()["items"]
    assert changes[1]["changes"]["lessons"] == [GOOD, patch["lessons"]]
    events = await registry.events("core.bell-schedule.changed.v1")
    assert [(one["subject"], one["version"]) for one in events] == [(made["id"], 1), (made["id"], 2)]


@pytest.mark.parametrize(
    ("times", "shift", "grades", "expected"),
    [
        (GOOD, 1, (1, 11), set()),
        (lessons("07:50-08:30"), 1, (2, 11), {"early"}),
        (lessons("18:30-19:10"), 2, (2, 11), {"late"}),
        (lessons("08:30-09:15"), 1, (1, 4), {"long_first_grade_lesson"}),
        (lessons("08:30-09:16"), 1, (5, 11), {"long_lesson"}),
        (lessons("08:30-09:10", "09:19-10:00"), 1, (2, 11), {"short_break"}),
        (
            lessons("08:30-09:10", "09:20-10:00", "10:15-10:55", "11:05-11:45"),
            1,
            (2, 11),
            {"no_long_break"},
        ),
        (lessons("14:00-14:40"), 2, (1, 1), {"first_grade_shift"}),
    ],
)
def test_sanitary_rules(times: list[dict[str, Any]], shift: int, grades: tuple[int, int], expected: set[str]) -> None:
    assert set(remarks(times, shift, *grades)) == expected
    assert expected <= REMARKS.keys()


@given(st.lists(st.integers(min_value=8 * 60, max_value=19 * 60), min_size=2, max_size=12, unique=True))
def test_remarks_are_said_of_any_times(minutes: list[int]) -> None:
    clock = [f"{one // 60:02d}:{one % 60:02d}" for one in sorted(minutes)[: len(minutes) // 2 * 2]]
    times = [
        {"number": number, "starts_at": starts, "ends_at": ends}
        for number, (starts, ends) in enumerate(zip(clock[::2], clock[1::2], strict=True), 1)
    ]
    assert set(remarks(times, 1, 2, 11)) <= REMARKS.keys() - {"early", "late", "first_grade_shift"}
