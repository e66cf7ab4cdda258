"""Academic calendars: what the region and an organization set, what is in force for a grade, what readers are told."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.core import CalendarChanged, GradeCalendar
from servicekit.testing import ServiceUnderTest
from sgo_core.calendar import telling
from sgo_core.calendar.resolving import Dates, Plan, days_between

from .world import YEAR, Registry

IF_FIRST = {"If-Match": '"1"'}
QUARTERS = [
    ("2026-09-01", "2026-10-23"),
    ("2026-11-02", "2026-12-25"),
    ("2027-01-11", "2027-03-19"),
    ("2027-03-29", "2027-05-26"),
]
HALF_YEARS = [("2026-09-01", "2026-12-25"), ("2027-01-11", "2027-05-26")]
TRIMESTERS = [("2026-09-01", "2026-11-20"), ("2026-11-30", "2027-02-19"), ("2027-03-01", "2027-05-26")]
VACATIONS = [("2026-10-24", "2026-11-01"), ("2026-12-26", "2027-01-10"), ("2027-03-20", "2027-03-28")]
FEBRUARY = [("2027-02-08", "2027-02-14")]


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def dates(
    kind: str, intervals: list[tuple[str, str]], grades: tuple[int, int] = (1, 11), **more: Any
) -> dict[str, Any]:
    return {
        "academic_year": YEAR,
        "kind": kind,
        "grade_from": grades[0],
        "grade_to": grades[1],
        "intervals": [{"first_day": first, "last_day": last} for first, last in intervals],
        "reason": "Календарный учебный график",
        **more,
    }


def special(day: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"day": day, "kind": kind, "title": "Особый день", "reason": "Приказ", **more}


async def post(registry: Registry, headers: dict[str, str], path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await registry.service.client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def region_sets(registry: Registry) -> dict[str, dict[str, Any]]:
    """What the region sets for a year."""
    return {
        body["kind"]: await post(registry, registry.region, "/calendar/sets", body)
        for body in (
            dates("quarters", QUARTERS),
            dates("half_years", HALF_YEARS),
            dates("vacations", VACATIONS),
            dates("additional_vacations", FEBRUARY, (1, 1)),
        )
    }


async def choose(registry: Registry, headers: dict[str, str], name: str, value: Any, day: str = "2026-09-01") -> None:
    body = {"name": name, "value": value, "valid_from": day, "reason": "Приказ"}
    await post(registry, headers, "/settings/values", body)


async def calendar(registry: Registry, organization_id: UUID | None, grade: int) -> dict[str, Any]:
    params: dict[str, Any] = {"academic_year": YEAR, "grade": grade}
    if organization_id is not None:
        params["organization_id"] = str(organization_id)
    answer = await registry.service.client.get("/calendar", params=params, headers=registry.region)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def days(
    registry: Registry, organization_id: UUID, grade: int, first: str, last: str
) -> dict[str, dict[str, Any]]:
    params: dict[str, Any] = {"organization_id": str(organization_id), "grade": grade, "first": first, "last": last}
    answer = await registry.service.client.get("/calendar/days", params=params, headers=registry.region)
    assert answer.status_code == 200, answer.text
    return {one["day"]: one for one in answer.json()["items"]}


async def why(registry: Registry, organization_id: UUID, grade: int, day: str) -> str:
    found: str = (await days(registry, organization_id, grade, day, day))[day]["why"]
    return found


def bounds(intervals: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["first_day"], one["last_day"]) for one in intervals]


async def test_a_school_takes_the_calendar_of_the_region_by_grade(registry: Registry) -> None:
    school = await registry.organization()
    await region_sets(registry)
    fifth = await calendar(registry, school, 5)
    assert (fifth["period_kind"], bounds(fifth["periods"])) == ("quarters", QUARTERS)
    assert {one["origin"] for one in fifth["periods"]} == {"region"}
    tenth = await calendar(registry, school, 10)
    assert (tenth["period_kind"], bounds(tenth["periods"])) == ("half_years", HALF_YEARS)
    assert FEBRUARY[0] in bounds((await calendar(registry, school, 1))["vacations"])
    assert FEBRUARY[0] not in bounds((await calendar(registry, school, 2))["vacations"])


async def test_why_a_day_is_or_is_no_school_day(registry: Registry) -> None:
    school = await registry.organization()
    await region_sets(registry)
    found = await days(registry, school, 1, "2026-09-01", "2027-08-31")
    assert len(found) == 365
    expected = {
        "2026-09-01": "lessons",
        "2026-09-05": "weekend",
        "2026-10-26": "vacation",
        "2026-11-04": "holiday",
        "2027-01-08": "vacation",
        "2027-02-10": "vacation",
        "2027-02-23": "holiday",
        "2027-05-27": "outside",
        "2027-07-01": "outside",
    }
    assert {day: found[day]["why"] for day in expected} == expected
    assert {day for day, one in found.items() if one["study"]} == {
        day for day, one in found.items() if one["why"] == "lessons"
    }
    assert (found["2026-09-01"]["period"], found["2027-03-29"]["period"]) == (1, 4)
    assert found["2026-09-01"]["weekday"] == 2
    assert await why(registry, school, 2, "2027-02-10") == "lessons"


async def test_a_school_sets_its_own_and_the_rest_stays_inherited(registry: Registry) -> None:
    school, heir = await registry.organization(), await registry.organization()
    sets = await region_sets(registry)
    office = registry.office(school)
    await choose(registry, office, "periods_basic", "trimesters", "2026-08-01")
    assert (await calendar(registry, school, 5))["periods"] == []
    assert await why(registry, school, 5, "2026-09-01") == "outside"
    own = await post(registry, office, "/calendar/sets", dates("trimesters", TRIMESTERS, (5, 8)))
    eighth, ninth = await calendar(registry, school, 8), await calendar(registry, school, 9)
    assert (bounds(eighth["periods"]), eighth["periods"][0]["origin"]) == (TRIMESTERS, "organization")
    assert (ninth["periods"], bounds(ninth["vacations"])) == ([], VACATIONS)
    assert bounds((await calendar(registry, school, 4))["periods"]) == QUARTERS
    assert bounds((await calendar(registry, heir, 8))["periods"]) == QUARTERS
    # a change of the region reaches those who inherit
    shifted = [*QUARTERS[:3], ("2027-03-29", "2027-05-31")]
    patch = {"reason": "Продлён год", "intervals": dates("quarters", shifted)["intervals"]}
    path = f"/calendar/sets/{sets['quarters']['id']}"
    answer = await registry.service.client.patch(path, json=patch, headers={**registry.region, **IF_FIRST})
    assert answer.status_code == 200, answer.text
    assert bounds((await calendar(registry, heir, 8))["periods"]) == shifted
    assert bounds((await calendar(registry, school, 8))["periods"]) == TRIMESTERS
    # and what is put out of use is inherited again
    path = f"/calendar/sets/{own['id']}"
    await registry.service.client.patch(
        path, json={"reason": "Отмена", "active": False}, headers={**office, **IF_FIRST}
    )
    assert (await calendar(registry, school, 8))["periods"] == []
    changes = (await registry.service.client.get(f"{path}/history", headers=office)).json()["items"]
    assert changes[1]["changes"] == {"active": [True, False]}


async def test_a_kind_of_periods_is_not_changed_in_the_midst_of_a_year_and_a_week_is(registry: Registry) -> None:
    school = await registry.organization()
    await region_sets(registry)
    office = registry.office(school)
    await choose(registry, office, "periods_secondary", "quarters", "2026-10-01")
    assert (await calendar(registry, school, 10))["period_kind"] == "half_years"
    await choose(registry, office, "week_basic", 6, "2027-01-11")
    await choose(registry, office, "week_primary", 6)
    assert (await calendar(registry, school, 5))["weeks"] == [
        {"first_day": "2026-09-01", "days": 5},
        {"first_day": "2027-01-11", "days": 6},
    ]
    assert await why(registry, school, 5, "2026-12-05") == "weekend"
    assert await why(registry, school, 5, "2027-01-16") == "lessons"
    assert await why(registry, school, 1, "2027-01-16") == "weekend"
    assert await why(registry, school, 2, "2027-01-16") == "lessons"


async def test_special_days_of_the_school_stand_over_the_regions(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    await region_sets(registry)
    office = registry.office(school)
    await post(registry, registry.region, "/calendar/special-days", special("2027-05-11", "off", title="Радоница"))
    study = special("2027-05-11", "study", grade_from=9, grade_to=11, day_kind="shortened")
    await post(registry, office, "/calendar/special-days", study)
    saturday = special("2026-10-17", "study", as_weekday=1, title="За понедельник", grade_from=1)
    await post(registry, office, "/calendar/special-days", saturday)
    assert (await days(registry, school, 5, "2027-05-11", "2027-05-11"))["2027-05-11"]["title"] == "Радоница"
    ninth = (await days(registry, school, 9, "2027-05-11", "2027-05-11"))["2027-05-11"]
    assert (ninth["study"], ninth["day_kind"], ninth["weekday"], ninth["period"]) == (True, "shortened", 2, 4)
    assert not (await days(registry, other, 9, "2027-05-11", "2027-05-11"))["2027-05-11"]["study"]
    moved = (await days(registry, school, 3, "2026-10-17", "2026-10-17"))["2026-10-17"]
    assert (moved["study"], moved["weekday"]) == (True, 1)
    assert not (await days(registry, school, 0, "2026-10-17", "2026-10-17"))["2026-10-17"]["study"]


async def test_a_preschool_works_by_the_production_calendar(registry: Registry) -> None:
    preschool = await registry.organization("preschool")
    await region_sets(registry)
    found = await days(registry, preschool, 0, "2027-07-01", "2027-07-05")
    assert [one["study"] for one in found.values()] == [True, True, False, False, True]
    assert await why(registry, preschool, 0, "2027-06-14") == "holiday"  # 12 June is a Saturday


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (dates("quarters", QUARTERS[:3]), 422, "calendar.number"),
        (dates("trimesters", [TRIMESTERS[1], TRIMESTERS[0], TRIMESTERS[2]]), 422, "calendar.order"),
        (dates("vacations", [("2026-10-24", "2026-11-01"), ("2026-11-01", "2026-11-02")]), 422, "calendar.order"),
        (dates("vacations", [("2026-11-01", "2026-10-24")]), 422, "calendar.order"),
        (dates("vacations", [("2026-08-31", "2026-09-01")]), 422, "calendar.outside-year"),
        (dates("vacations", [("2027-08-25", "2027-09-01")]), 422, "calendar.outside-year"),
        (dates("vacations", [], (5, 1)), 422, "calendar.grades"),
        (dates("vacations", [], (4, 9)), 409, "calendar.grades-taken"),
    ],
)
async def test_dates_that_cannot_be_are_refused(
    registry: Registry, body: dict[str, Any], status: int, code: str
) -> None:
    office = registry.office(await registry.organization())
    await post(registry, office, "/calendar/sets", dates("vacations", VACATIONS, (9, 11)))
    answer = await registry.service.client.post("/calendar/sets", json=body, headers=office)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await registry.value("SELECT count(*) FROM calendar_set") == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (special("2026-10-18", "study"), "calendar.special-day"),
        (special("2026-10-19", "off", as_weekday=1), "calendar.special-day"),
        (special("2026-10-19", "off", day_kind="shortened"), "calendar.special-day"),
        (special("2026-10-19", "study", day_kind="unknown"), "reference-books.entry-unknown"),
        (special("1999-10-19", "off"), "calendar.academic-year-unknown"),
        (special("2026-10-19", "off", grade_from=5, grade_to=4), "calendar.grades"),
    ],
)
async def test_special_days_that_cannot_be_are_refused(registry: Registry, body: dict[str, Any], code: str) -> None:
    office = registry.office(await registry.organization())
    answer = await registry.service.client.post("/calendar/special-days", json=body, headers=office)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert await registry.value("SELECT count(*) FROM special_day") == 0


async def test_the_database_refuses_what_no_calendar_may_be(registry: Registry) -> None:
    row = (
        "INSERT INTO calendar_set (id, academic_year, kind, grade_from, grade_to, intervals, recorded_at, recorded_by, reason) "
        "VALUES (gen_random_uuid(), 2026, 'vacations', 1, 11, '{}'::jsonb, now(), 'test', 'Проверка')"
    )
    for intervals in (
        '[{"first_day": "2026-10-24", "last_day": "2026-10-23"}]',
        '[{"first_day": "2026-10-24", "last_day": "2026-11-01"}, {"first_day": "2026-11-01", "last_day": "2026-11-02"}]',
        '[{"first_day": "2026-08-01", "last_day": "2026-08-02"}]',
        '[{"first_day": "2026-10-24"}]',
    ):
        with pytest.raises(Exception, match=r"ck_calendar_set|outside its academic year"):
            await registry.fetch(row.replace("{}", intervals))


async def test_two_set_the_same_grades_at_once_and_one_is_told(registry: Registry) -> None:
    office = registry.office(await registry.organization())
    sent = (
        registry.service.client.post("/calendar/sets", json=dates("vacations", VACATIONS, grades), headers=office)
        for grades in ((1, 9), (9, 11))
    )
    assert sorted(one.status_code for one in await asyncio.gather(*sent)) == [201, 409]


async def test_no_more_than_a_year_of_days(registry: Registry) -> None:
    school = await registry.organization()
    for first, last in (("2026-09-02", "2026-09-01"), ("2026-01-01", "2027-01-02")):
        params: dict[str, Any] = {"organization_id": str(school), "grade": 1, "first": first, "last": last}
        answer = await registry.service.client.get("/calendar/days", params=params, headers=registry.region)
        assert (answer.status_code, answer.json()["code"]) == (422, "calendar.too-many-days")


async def all_told(registry: Registry) -> list[tuple[str, int, CalendarChanged]]:
    await telling.tell_due(registry.service.runtime)
    told = []
    for one in await registry.events("core.calendar.changed.v1"):
        event = CalendarChanged.model_validate_json(one["payload"])
        told.append((str(event.organization_id), one["version"], event))
    return told


async def test_readers_are_told_of_calendars_that_say_something_new(registry: Registry) -> None:
    school, heir = await registry.organization(), await registry.organization()
    preschool = await registry.organization("preschool")
    sets = await region_sets(registry)
    first = await all_told(registry)
    assert sorted(one[0] for one in first) == sorted(map(str, (school, heir, preschool)))
    by_school = {one[0]: one[2] for one in first}
    grades = [(one.grade_from, one.grade_to, one.period_kind) for one in by_school[str(school)].grades]
    assert grades == [(None, None, None), (1, 1, "quarters"), (2, 9, "quarters"), (10, 11, "half_years")]
    assert [(one.grade_from, one.period_kind) for one in by_school[str(preschool)].grades] == [(None, None)]

    office = registry.office(school)
    await post(registry, office, "/calendar/special-days", special("2026-10-17", "study", as_weekday=1))
    at_once = await registry.events("core.calendar.changed.v1")
    assert len(at_once) == len(first) + 1, "the organization's own change is told in its transaction"
    assert await registry.value("SELECT count(*) FROM calendar_due") == 0
    await choose(registry, office, "week_basic", 6)
    assert [one[:2] for one in (await all_told(registry))[len(first) + 1 :]] == [(str(school), 3)]

    before = len(await all_told(registry))
    path = f"/calendar/sets/{sets['additional_vacations']['id']}"
    patch = {"reason": "Отмена", "active": False}
    await registry.service.client.patch(path, json=patch, headers={**registry.region, **IF_FIRST})
    assert {one[:2] for one in (await all_told(registry))[before:]} == {(str(school), 4), (str(heir), 2)}

    before = len(await all_told(registry))
    await telling.review(registry.service.runtime)
    newcomer = await registry.organization()
    assert [one[:2] for one in (await all_told(registry))[before:]] == [(str(newcomer), 1)]


async def test_what_is_told_gives_the_same_days_as_the_answer(registry: Registry) -> None:
    school = await registry.organization()
    await region_sets(registry)
    office = registry.office(school)
    await choose(registry, office, "week_basic", 6, "2027-01-11")
    for body in (
        special("2026-10-17", "study", as_weekday=1),
        special("2027-02-22", "off"),
        special("2027-06-01", "study", grade_from=9, grade_to=9),
    ):
        await post(registry, office, "/calendar/special-days", body)
    event = next(one[2] for one in reversed(await all_told(registry)) if one[0] == str(school))
    for grade in (1, 4, 7, 9, 10):
        one = next(one for one in event.grades if (one.grade_from or 0) <= grade <= (one.grade_to or 0))
        found = await days(registry, school, grade, "2026-09-01", "2027-08-31")
        assert {day for day, each in found.items() if each["study"]} == {
            day.isoformat() for day in (event.first_day + timedelta(days=n) for n in range(365)) if studied(one, day)
        }


def studied(one: GradeCalendar, day: date) -> bool:
    """As a reader of the event is told to find out."""
    if any(each.day == day for each in one.special_days):
        return True
    week = [each.days for each in one.weeks if each.first_day <= day][-1]
    inside = any(each.first_day <= day <= each.last_day for each in one.periods)
    return inside and day.weekday() < week and day not in one.rests


async def test_a_change_while_calendars_are_told_is_told_too(registry: Registry) -> None:
    school = await registry.organization()
    await region_sets(registry)
    office = registry.office(school)

    async def change(number: int) -> None:
        body = special(f"2026-09-{number + 1:02d}", "off", grade_from=1)
        await post(registry, office if number % 2 else registry.region, "/calendar/special-days", body)

    await asyncio.gather(*(change(number) for number in range(12)), telling.tell_due(registry.service.runtime))
    last = (await all_told(registry))[-1][2]
    assert last.grades[1].rests[:8] == tuple(date(2026, 9, number) for number in (1, 2, 3, 4, 7, 8, 9, 10))
    assert await registry.value("SELECT count(*) FROM calendar_due") == 0


@given(st.lists(st.integers(min_value=0, max_value=9), min_size=1, max_size=4))
def test_rests_are_days_of_the_week_inside_the_periods(lengths: list[int]) -> None:
    periods, first = [], date(2026, 9, 1)
    for length in lengths:
        periods.append(Dates(first, first + timedelta(days=length * 7), None, "region"))
        first = periods[-1].last_day + timedelta(days=3)
    vacation = Dates(date(2026, 10, 26), date(2026, 11, 3), None, "region")
    plan = Plan("quarters", tuple(periods), (vacation,), ((date(2026, 9, 1), 6),), ())
    studied_days = [day for day in days_between(date(2026, 9, 1), first) if plan.day(day).study]
    assert not set(studied_days) & set(plan.rests())
    assert all(any(day in one for one in periods) and day.weekday() < 6 for day in (*studied_days, *plan.rests()))
