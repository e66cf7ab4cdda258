"""Days of a preschool group are noted many at once, each at its version; a day is confirmed as a whole."""

from datetime import date, timedelta

import asyncpg
import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.lists import counted

from ..factories import MONDAY, School, audited
from ..test_distribution import VIEWS, unbound
from ..test_migrations import PER_YEAR
from .kindergarten import HOLIDAY, WORKED, add_group, as_kindergarten, cell, cells, codes, save, saved, sheet, stand_at

FRIDAY, SATURDAY = date(2026, 9, 4), date(2026, 9, 5)


@pytest.fixture
async def kindergarten(school: School) -> School:
    return await as_kindergarten(school)


async def test_an_unmarked_day_is_unknown_until_it_is_confirmed(kindergarten: School) -> None:
    first, second = await kindergarten.enrol("Аистов", "Белова")
    assert (await sheet(kindergarten))["totals"]["attended"] == 0
    found = await saved(kindergarten, cell(first, MONDAY, "sick"))
    assert found == {
        "cells": [{"student_id": str(first), "date": "2026-09-07", "code": "sick", "version": 1}],
        "confirmed": [],
    }
    monday = (await sheet(kindergarten))["days"][6]
    assert (monday["children"], monday["marked"], monday["confirmed"]) == (2, 1, False)
    found = await saved(kindergarten, confirm=[MONDAY])
    assert found["confirmed"] == [{"student_id": str(second), "date": "2026-09-07", "code": "present", "version": 1}]
    shown = await sheet(kindergarten)
    assert shown["days"][6] == {
        "date": "2026-09-07", "state": "working", "children": 2, "marked": 2, "confirmed": True,
    }  # fmt: skip
    assert shown["totals"] == {
        "planned": 2 * 21, "attended": 1, "missed_illness": 1, "missed_other": 0, "unmarked": 2 * 20, "payable": 1,
        "by_code": {"present": 1, "sick": 1},
    }  # fmt: skip
    assert [day["state"] for day in shown["days"][3:10]] == ["working", "off", "off", *["working"] * 3, "off"]


async def test_absences_and_everybody_else_in_one_request_of_few_statements(kindergarten: School) -> None:
    children = await kindergarten.enrol(*(f"Ребёнок{number:02}" for number in range(25)))
    with counted(kindergarten.service) as sent:
        found = await saved(
            kindergarten, cell(children[0], FRIDAY), cell(children[1], MONDAY, "vacation"), confirm=WORKED
        )
    assert len(found["confirmed"]) == 25 * 5 - 2
    beside = ("audit", "revocation", "SET ", "outbox")
    assert len([one for one in sent if not any(word in one for word in beside)]) <= 5, sent
    shown = (await sheet(kindergarten))["totals"]
    assert (shown["attended"], shown["missed_illness"], shown["missed_other"]) == (123, 1, 1)
    # Once more: nothing is left to note, and nothing changes.
    again = await saved(kindergarten, cell(children[0], FRIDAY), confirm=WORKED)
    assert (again["cells"][0]["version"], again["confirmed"]) == (1, [])


async def test_a_stale_writer_is_told_what_stands_and_nothing_is_written(kindergarten: School) -> None:
    first, second = await kindergarten.enrol("Аистов", "Белова")
    await saved(kindergarten, cell(first, MONDAY, "sick"))
    refused = await save(kindergarten, cell(second, MONDAY, "sick"), cell(first, MONDAY, "vacation"))
    assert (refused.status_code, refused.json()["code"]) == (409, "daycare.changed")
    [conflict] = refused.json()["conflicts"]
    assert (conflict["pointer"], conflict["code"], conflict["version"]) == ("/body/cells/1", "sick", 1)
    assert conflict["changed_by"] == str(kindergarten.teacher_id)
    assert await cells(kindergarten) == {(str(first), 7): ("sick", 1)}
    await saved(kindergarten, cell(first, MONDAY, None, 1))
    assert await cells(kindergarten) == {(str(first), 7): (None, 2)}
    stale = await save(kindergarten, cell(first, MONDAY, "sick", 0))
    assert (stale.status_code, stale.json()["conflicts"][0]["version"]) == (409, 2)
    brought = await saved(kindergarten, confirm=[MONDAY])
    assert {(one["student_id"], one["version"]) for one in brought["confirmed"]} == {(str(first), 3), (str(second), 1)}


@pytest.mark.parametrize(
    ("day", "code", "where"),
    [
        (SATURDAY, "daycare.day-off", "/body/cells/1/date"),
        (MONDAY + timedelta(days=1), "daycare.not-yet", "/body/cells/1/date"),
        (HOLIDAY, "daycare.not-yet", "/body/cells/1/date"),
    ],
)
async def test_one_wrong_day_refuses_all(kindergarten: School, day: date, code: str, where: str) -> None:
    first, second = await kindergarten.enrol("Аистов", "Белова")
    refused = await save(kindergarten, cell(first), cell(second, day))
    assert (refused.status_code, refused.json()["code"]) == (422, "daycare.invalid")
    assert codes(refused) == [(where, code)]
    assert not await cells(kindergarten)
    assert codes(await save(kindergarten, confirm=[day])) == [("/body/confirm/0", code)]


async def test_strangers_unknown_codes_and_cells_named_twice_are_named(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    other = School(kindergarten.service)
    await as_kindergarten(await other.open())
    [theirs] = await other.enrol("Чужой")
    refused = await save(
        kindergarten, cell(mine), cell(theirs), cell(mine, FRIDAY, "absent"), cell(mine, MONDAY, "vacation")
    )
    assert codes(refused) == [
        ("/body/cells/3", "daycare.twice"),
        ("/body/cells/1/student_id", "daycare.not-on-roster"),
        ("/body/cells/2/code", "daycare.unknown-code"),
    ]
    assert not await cells(kindergarten)
    empty = await save(kindergarten)
    assert (empty.status_code, empty.json()["errors"][0]["code"]) == (422, "daycare.none")


async def test_a_holiday_of_the_calendar_is_no_working_day(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    stand_at(kindergarten.service, HOLIDAY)
    assert codes(await save(kindergarten, cell(mine, HOLIDAY))) == [("/body/cells/0/date", "daycare.day-off")]


async def test_a_child_counts_on_the_days_of_its_stay(kindergarten: School) -> None:
    [early] = await kindergarten.enrol("Аистов")
    [late] = await kindergarten.enrol("Белова", on=FRIDAY)
    await kindergarten.depart(early, MONDAY)
    found = await saved(kindergarten, confirm=WORKED)
    assert {(one["student_id"], one["date"][-2:]) for one in found["confirmed"]} == {
        *((str(early), day) for day in ("01", "02", "03", "04")),
        *((str(late), day) for day in ("04", "07")),
    }
    refused = await save(kindergarten, cell(early, MONDAY))
    assert codes(refused) == [("/body/cells/0/student_id", "daycare.not-on-roster")]


async def test_an_educator_writes_in_the_own_group_within_the_days_of_the_settings(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    other = await add_group(kindergarten, "Василёк")
    assert (await save(kindergarten, confirm=[MONDAY], group_id=other)).status_code == 403
    assert (await save(kindergarten, confirm=[MONDAY], group_id=new_id())).status_code == 404
    stand_at(kindergarten.service, date(2026, 9, 14))
    assert (await save(kindergarten, cell(mine, MONDAY))).status_code == 200
    late = await save(kindergarten, cell(mine, FRIDAY))
    assert codes(late) == [("/body/cells/0/date", "daycare.too-late")]
    assert (await save(kindergarten, cell(mine, FRIDAY), headers=kindergarten.admin)).status_code == 200
    assert (await save(kindergarten, cell(mine), headers=kindergarten.headers(Role.SECRETARY))).status_code == 403


async def test_a_class_has_no_days_and_without_a_calendar_there_are_none(school: School) -> None:
    refused = await save(school, confirm=[MONDAY], headers=school.admin)
    assert (refused.status_code, refused.json()["code"]) == (422, "daycare.not-preschool")
    await add_group(school, group_id=school.group_id)
    refused = await save(school, confirm=[MONDAY], headers=school.admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "daycare.no-calendar")


async def test_the_history_tells_every_change_and_reading_is_audited(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    await saved(kindergarten, cell(mine))
    await saved(kindergarten, cell(mine, MONDAY, "excused", 1), reason="Справка")
    answer = await kindergarten.service.client.get(
        f"/groups/{kindergarten.group_id}/daycare-changes", params={"month": "2026-09"}, headers=kindergarten.teacher
    )
    told = [(one["version"], one["old_value"], one["new_value"], one["reason"]) for one in answer.json()["items"]]
    assert told == [(1, None, "sick", None), (2, "sick", "excused", "Справка")]
    actions = {action: subjects for _, action, subjects in await audited(kindergarten)}
    assert actions == {"daycare.days.save": [mine], "daycare.changes.read": [mine]}


STRANGER = """INSERT INTO child_day (organization_id, academic_year, id, group_id, day, student_id, code, version, changed_by, changed_at)
SELECT organization_id, academic_year, gen_random_uuid(), group_id, day, gen_random_uuid(), code, 1, changed_by, now() FROM child_day"""


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        (STRANGER, "ASJ22"),
        ("UPDATE child_day SET code = 'present'", "23000"),
        ("UPDATE child_day SET day = day + 1", "23000"),
        ("UPDATE child_day SET code = 'nonsense', version = version + 1", "23503"),
    ],
)
async def test_the_database_holds_it_whatever_writes(kindergarten: School, statement: str, state: str) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    await saved(kindergarten, cell(mine))
    connection = await kindergarten.service.database.connect()
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute(statement)
    await connection.close()
    assert refused.value.sqlstate == state
    assert await cells(kindergarten) == {(str(mine), 7): ("sick", 1)}


async def test_what_educators_do_all_day_stays_in_one_organization(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    with counted(kindergarten.service) as sent:
        await saved(kindergarten, cell(mine), confirm=WORKED)
        await save(kindergarten, cell(mine, MONDAY, "vacation"))
        await sheet(kindergarten)
        day = f"/groups/{kindergarten.group_id}/absence-notices"
        assert (await kindergarten.service.client.get(day, headers=kindergarten.teacher)).status_code == 200
    assert any("child_day" in one for one in sent)
    assert {alias for statement in sent for alias in unbound(statement, PER_YEAR | VIEWS)} == {"absence_notice"}, (
        "notices are of the child, whoever was told: asked once, by themselves"
    )
