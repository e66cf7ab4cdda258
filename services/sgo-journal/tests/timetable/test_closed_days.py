"""No lesson is put into a day of a closed period or taken out of it, whoever plans; what is decided on many leaves such days alone."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from asu_contracts.core import CalendarDates

from ..closings.samples import ORDER, closed
from ..factories import MONDAY, QUARTERS, YEAR, School, quarters
from ..locks import waiting
from ..switches.samples import SWITCH
from .office import Office, line

TUESDAY = MONDAY + timedelta(days=1)
_FIRST = CalendarDates(first_day=date(2026, 9, 1), last_day=MONDAY)
_REST = CalendarDates(first_day=TUESDAY, last_day=QUARTERS[0][1])


@pytest.fixture
async def office(school: School) -> Office:
    """It is the last day of a period, a day of lessons on which the period may be closed already."""
    told = quarters()
    office = await Office.of(school, told.model_copy(update={"periods": (_FIRST, _REST, *told.periods[1:])}))
    await office.published(line(await school.journal(), 1, 1), line(await school.journal(), 2, 1))
    office.stand_at(MONDAY, hour=4)
    return office


async def days(office: Office) -> list[tuple[str, int, str]]:
    return [(one["date"], one["number"], one["state"]) for one in await office.lessons(MONDAY)]


async def added(office: Office, number: int = 3) -> Any:
    path = f"/organizations/{office.school.organization_id}/timetable/lessons"
    journal = str(await office.school.journal())
    return await office.call("POST", path, journal_id=journal, date=MONDAY.isoformat(), number=number, reason="Так")


async def test_lessons_of_a_closed_day_stay_until_an_order_opens_it(office: Office) -> None:
    first, second = await office.lessons(MONDAY)
    third = (await added(office)).json()
    assert (await office.call("POST", f"/lessons/{third['id']}/cancellation", 1, reason="Так")).status_code == 200
    before = await days(office)
    closing = await closed(office.school)
    answers = [
        await added(office, 4),
        await office.call("PATCH", f"/lessons/{second['id']}/slot", 1, date=MONDAY.isoformat(), number=5, reason="Так"),
        await office.call("PATCH", f"/lessons/{first['id']}/slot", 1, date="2026-09-09", reason="Так"),
        await office.call("POST", f"/lessons/{first['id']}/cancellation", 1, reason="Так"),
        await office.call("POST", f"/lessons/{third['id']}/restoration", 2, reason="Так"),
    ]
    assert [(one.status_code, one.json().get("code")) for one in answers] == [(409, "cells.period-closed")] * 5
    assert await days(office) == before
    opened = await office.call("POST", f"/closings/{closing}/unlocks", **ORDER)
    assert opened.status_code == 201, opened.text
    assert (await added(office, 4)).status_code == 201


async def test_a_publication_leaves_closed_days_alone(office: Office) -> None:
    before = await office.lessons(MONDAY)
    await closed(office.school)
    journal = await office.school.journal()
    await office.published(line(journal, 1, 1), line(journal, 1, 2), line(journal, 2, 3), since=MONDAY)
    shown = await office.lessons(MONDAY)
    assert [(one["date"], one["number"]) for one in shown] == [(MONDAY.isoformat(), 1), (TUESDAY.isoformat(), 3)]
    assert [one["id"] for one in shown] == [one["id"] for one in before]


async def test_a_lesson_waits_for_a_closing_under_way_and_sees_it(office: Office) -> None:
    school = office.school
    closer = await school.service.database.connect()
    under_way = closer.transaction()
    await under_way.start()
    await closer.execute("SELECT FROM journal FOR UPDATE")
    adding = asyncio.create_task(added(office))
    await waiting(school)
    await closer.execute(
        """INSERT INTO period_closing (organization_id, academic_year, id, learners_id, title, first_day, last_day, closed_at, closed_by)
        VALUES ($1, $2, $3, $3, 'Период', $4, $4, now(), $3)""",
        *(school.organization_id, YEAR, school.group_id, MONDAY),
    )
    await under_way.commit()
    await closer.close()
    answer = await adding
    assert (answer.status_code, answer.json()["code"]) == (409, "cells.period-closed"), answer.text


async def test_a_switch_leaves_closed_days_alone_when_made_and_undone(office: Office) -> None:
    path = f"/organizations/{office.school.organization_id}/switches"
    before = await office.call("POST", path, **SWITCH | {"valid_to": "2026-09-09"})
    assert before.status_code == 201, before.text
    closing = await closed(office.school)
    undo = f"/switches/{before.json()['id']}/undo"
    assert (await office.call("POST", undo, 1, reason="Снято")).status_code == 200
    assert [one[2] for one in await days(office)] == ["cancelled", "planned"]
    assert (await office.call("POST", f"/closings/{closing}/revocation", reason="Рано")).status_code == 200
    [monday, _] = await office.lessons(MONDAY)
    restored = await office.call("POST", f"/lessons/{monday['id']}/restoration", monday["version"], reason="Так")
    assert restored.status_code == 200, restored.text
    await closed(office.school)
    again = await office.call("POST", path, **SWITCH | {"valid_to": "2026-09-09"})
    assert (again.status_code, again.json().get("lessons")) == (201, 1), again.text
    assert [one[2] for one in await days(office)] == ["planned", "cancelled"]
