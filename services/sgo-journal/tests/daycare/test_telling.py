"""Told figures of months follow what changes them without anybody noting a day; nothing is told where nothing differs."""

from datetime import date, timedelta

import pytest

from asu_contracts.core import CalendarDates, GradeCalendar, GroupKind
from servicekit.testing import received
from sgo_journal.daycare import telling
from sgo_journal.daycare.model import month_id

from ..factories import MONDAY, SEPTEMBER, YEAR, School, calendar, group, hear
from ..homework.test_at_once import transaction
from ..test_merged_students import merge
from ..test_pages import statements
from .kindergarten import HOLIDAY, add_group, as_kindergarten, cell, count, open_days, saved, stand_at
from .test_months import END, WORKING, close, close_group, told

OCTOBER = date(2026, 10, 2)


@pytest.fixture
async def kindergarten(school: School) -> School:
    return await as_kindergarten(school)


async def agreed(school: School) -> None:
    """What was told last is what the count of the month says."""
    await telling.tell_changed(school.service.runtime)
    last, totals = (await told(school))[-1], (await count(school))["totals"]
    names = ("planned", "attended", "missed_illness", "missed_other")
    assert {name: last[name] for name in names} == {name: totals[name] for name in names}


async def test_a_told_month_is_told_again_when_its_figures_change(kindergarten: School) -> None:
    first, second, third = await kindergarten.enrol("Аистов", "Белова", "Волков")
    stand_at(kindergarten.service, OCTOBER)
    await saved(kindergarten, cell(first, MONDAY), confirm=WORKING, headers=kindergarten.admin)
    assert (await close(kindergarten)).status_code == 201
    await agreed(kindergarten)
    assert [one["planned"] for one in await told(kindergarten)] == [63], "nothing differs, nothing is told"
    await hear(kindergarten.service, merge(third, second, 2))
    await agreed(kindergarten)
    await agreed(kindergarten)
    await kindergarten.depart(first, date(2026, 9, 15))
    await agreed(kindergarten)
    await kindergarten.enrol("Громов", on=date(2026, 9, 29))
    await agreed(kindergarten)
    assert [(one["planned"], one["attended"]) for one in await told(kindergarten)] == [
        (63, 62), (42, 41), (21 + 9, 21 + 8), (21 + 9 + 2, 21 + 8),
    ]  # fmt: skip
    rows = await kindergarten.service.fetch("SELECT told_version FROM daycare_month")
    assert [row["told_version"] for row in rows] == [4]


async def test_the_calendar_and_the_days_of_the_group_change_told_months(kindergarten: School) -> None:
    await kindergarten.enrol("Аистов")
    stand_at(kindergarten.service, OCTOBER)
    await saved(kindergarten, confirm=WORKING, headers=kindergarten.admin)
    assert (await close(kindergarten)).status_code == 201
    await hear_calendar(kindergarten, open_days(HOLIDAY, END))
    await agreed(kindergarten)
    told_of = group(kindergarten.group_id, kindergarten.organization_id, "Ромашка")
    shorter = {"kind": GroupKind.PRESCHOOL_GROUP, "grade": None, "starts_on": date(2026, 9, 2)}
    await hear(kindergarten.service, received(told_of.model_copy(update=shorter), version=12))
    await agreed(kindergarten)
    assert [(one["working_days"], one["planned"]) for one in await told(kindergarten)] == [(21, 21), (20, 20), (19, 19)]


async def test_nothing_is_counted_where_nothing_changed_and_months_of_any_year_where_it_did(
    kindergarten: School,
) -> None:
    [first] = await kindergarten.enrol("Аистов")
    stand_at(kindergarten.service, OCTOBER)
    await saved(kindergarten, confirm=WORKING, headers=kindergarten.admin)
    assert (await close(kindergarten)).status_code == 201
    await agreed(kindergarten)
    sent = statements(kindergarten)
    await telling.tell_changed(kindergarten.service.runtime)
    assert len([one for one in sent if "daycare" in one]) == 1, "the question which groups there are"
    stand_at(kindergarten.service, date(YEAR + 2, 9, 1))
    await kindergarten.depart(first, date(2026, 9, 29))
    await telling.tell_changed(kindergarten.service.runtime)
    assert [one["planned"] for one in await told(kindergarten)] == [21, 19]
    assert await kindergarten.service.fetch("SELECT FROM daycare_recount") == []


async def test_who_comes_while_a_month_is_told_first_is_counted_later(kindergarten: School) -> None:
    """The month was counted without the child and is not there yet for whoever tells of the child."""
    await kindergarten.enrol("Аистов")
    stand_at(kindergarten.service, OCTOBER)
    async with transaction(kindergarten) as other:
        await other.execute(
            """INSERT INTO daycare_month (organization_id, academic_year, id, group_id, month, working_days, planned, attended,
                missed_illness, missed_other, by_code, told_version, told_at)
            VALUES ($1, $2, $3, $4, $5, 21, 21, 0, 0, 0, '{}', 1, now())""",
            *(kindergarten.organization_id, YEAR, month_id(kindergarten.group_id, SEPTEMBER), kindergarten.group_id),
            SEPTEMBER,
        )
        await kindergarten.enrol("Громов", on=date(2026, 9, 29))
    await agreed(kindergarten)


async def test_a_month_without_working_days_is_closed_when_it_is_over(kindergarten: School) -> None:
    await kindergarten.enrol("Аистов")
    assert (await close_group(kindergarten, date(2026, 10, 1), date(2026, 10, 31))).status_code == 201
    for day in (MONDAY, date(2026, 10, 29)):
        stand_at(kindergarten.service, day)
        early = await close(kindergarten, "2026-10")
        assert (early.status_code, early.json()["code"]) == (409, "daycare.month-not-over")
    stand_at(kindergarten.service, date(2026, 10, 30))
    assert (await close(kindergarten, "2026-10")).status_code == 201, "Friday is the last day the group would work"


async def hear_calendar(school: School, grades: GradeCalendar) -> None:
    await hear(school.service, received(calendar(school.organization_id, grades), version=11))


async def test_days_of_rest_at_its_end_do_not_make_a_month_over(kindergarten: School) -> None:
    await hear_calendar(kindergarten, open_days(HOLIDAY, END))
    stand_at(kindergarten.service, END - timedelta(days=1))
    assert (await close(kindergarten)).json()["code"] == "daycare.month-not-over"
    stand_at(kindergarten.service, END)
    assert (await close(kindergarten)).status_code == 201


async def test_a_month_outside_the_periods_is_over_with_its_last_day(kindergarten: School) -> None:
    until_may = (CalendarDates(first_day=SEPTEMBER, last_day=date(YEAR + 1, 5, 31)),)
    await hear_calendar(kindergarten, open_days().model_copy(update={"periods": until_may}))
    stand_at(kindergarten.service, date(YEAR + 1, 6, 29))
    assert (await close(kindergarten, "2027-06")).json()["code"] == "daycare.month-not-over"
    stand_at(kindergarten.service, date(YEAR + 1, 6, 30))
    assert (await close(kindergarten, "2027-06")).status_code == 201


@pytest.mark.parametrize(("last", "early", "over"), [("2026-12-16", 15, 16), ("2026-12-19", 17, 18)])
async def test_a_group_that_ends_within_a_month(kindergarten: School, last: str, early: int, over: int) -> None:
    """The group is not there after ``last``: a Wednesday, or a Saturday after which the Friday counts."""
    until = date.fromisoformat(last) + timedelta(days=1)
    kindergarten.group_id = await add_group(kindergarten, "Лето", until=until)
    stand_at(kindergarten.service, date(2026, 12, early))
    assert (await close(kindergarten, "2026-12")).json()["code"] == "daycare.month-not-over"
    stand_at(kindergarten.service, date(2026, 12, over))
    assert (await close(kindergarten, "2026-12")).status_code == 201


@pytest.mark.parametrize("month", ["20٢٦-09", "20２６-09", "2026-0９", "2026-13", "2026-9", "1926-09", "2026-09\n"])
async def test_a_month_is_written_in_plain_digits(kindergarten: School, month: str) -> None:
    group = f"/groups/{kindergarten.group_id}"
    client = kindergarten.service.client
    answer = await client.get(f"{group}/daycare-sheet", params={"month": month}, headers=kindergarten.admin)
    assert answer.status_code == 422, answer.text
    if "\n" not in month:
        answer = await client.post(f"{group}/daycare-months/{month}/closing", headers=kindergarten.admin)
        assert answer.status_code == 422, answer.text
