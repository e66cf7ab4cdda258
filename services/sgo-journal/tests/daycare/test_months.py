"""A group's month is closed when every day is noted; then nothing changes but by an order, and others hear counts alone."""

import asyncio
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import asyncpg
import httpx
import pytest
from python_calamine import CalamineWorkbook

from asu_contracts.journal import DaycareMonthCounted
from servicekit.ids import new_id
from servicekit.testing.lists import counted
from sgo_journal.daycare import telling
from sgo_journal.marks.agreement import disagreeing

from ..factories import MONDAY, School, hear
from ..test_merged_students import merge
from ..test_sealing import past_triggers
from .kindergarten import HOLIDAY, MONTH, as_kindergarten, cell, cells, codes, count, save, saved, sheet, stand_at

END = date(2026, 9, 30)
WORKING = [
    day
    for day in (date(2026, 9, 1) + timedelta(days=number) for number in range(30))
    if day.isoweekday() < 6 and day != HOLIDAY
]


@pytest.fixture
async def kindergarten(school: School) -> School:
    return await as_kindergarten(school)


async def close(school: School, month: str = MONTH) -> httpx.Response:
    return await school.service.client.post(
        f"/groups/{school.group_id}/daycare-months/{month}/closing", headers=school.admin
    )


async def close_group(school: School, first: date, last: date) -> httpx.Response:
    return await school.service.client.post(
        f"/groups/{school.group_id}/daycare-closures",
        json={"first_day": first.isoformat(), "last_day": last.isoformat(), "reason": "Карантин"},
        headers=school.admin,
    )


async def told(school: School) -> list[dict[str, Any]]:
    """What others were told of months, in order."""
    connection = await school.service.database.connect()
    rows = await connection.fetch("SELECT payload FROM outbox WHERE type = $1 ORDER BY id", DaycareMonthCounted.type)
    await connection.close()
    return [DaycareMonthCounted.model_validate_json(row["payload"]).model_dump() for row in rows]


async def test_a_month_is_closed_when_all_its_days_are_noted(kindergarten: School) -> None:
    first, _ = await kindergarten.enrol("Аистов", "Белова")
    stand_at(kindergarten.service, END - timedelta(days=1))
    await saved(kindergarten, cell(first, MONDAY), confirm=WORKING[:-1], headers=kindergarten.admin)
    assert (await close(kindergarten)).json()["code"] == "daycare.month-not-over"
    stand_at(kindergarten.service, END)
    refused = await close(kindergarten)
    assert (refused.status_code, refused.json()["code"]) == (409, "daycare.days-left")
    assert (refused.json()["unmarked"], refused.json()["days"]) == (2, ["2026-09-30"])
    assert not await told(kindergarten)
    await saved(kindergarten, confirm=[END])
    closed = await close(kindergarten)
    assert closed.status_code == 201, closed.text
    assert closed.json()["totals"]["attended"] == 41
    assert (await close(kindergarten)).json()["code"] == "closings.already"
    path = f"/closings/{closed.json()['closing_id']}/revocation"
    back = await kindergarten.service.client.post(path, json={"reason": "Рано"}, headers=kindergarten.admin)
    assert back.status_code == 200, back.text
    assert not (await sheet(kindergarten))["closed"]
    assert (await close(kindergarten)).status_code == 201
    assert (await sheet(kindergarten))["closed"]
    refused = await save(kindergarten, cell(first, MONDAY, "excused", 1), headers=kindergarten.admin)
    assert codes(refused) == [("/body/cells/0/date", "daycare.month-closed")]
    connection = await kindergarten.service.database.connect()
    for code in ("NULL", "'sick'"):
        with pytest.raises(asyncpg.PostgresError) as held:
            await connection.execute(f"UPDATE child_day SET code = {code}, version = version + 1")
        assert held.value.sqlstate == "ASJ20"
    await connection.close()


async def test_an_order_opens_a_closed_month_and_others_hear_what_it_changed(kindergarten: School) -> None:
    [first] = await kindergarten.enrol("Аистов")
    stand_at(kindergarten.service, END)
    await saved(kindergarten, cell(first, MONDAY), confirm=WORKING, headers=kindergarten.admin)
    closing = (await close(kindergarten)).json()["closing_id"]
    order = {
        "open_until": "2099-01-01T00:00:00Z", "order_number": "7-о", "order_date": "2026-09-30", "reason": "Справка",
    }  # fmt: skip
    opened = await kindergarten.service.client.post(
        f"/closings/{closing}/unlocks", json=order, headers=kindergarten.admin
    )
    assert opened.status_code == 201, opened.text
    with counted(kindergarten.service) as sent:
        await saved(kindergarten, cell(first, MONDAY, "unexcused", 1), confirm=[END], headers=kindergarten.admin)
    beside = ("audit", "revocation", "SET ", "outbox")
    assert len([one for one in sent if not any(word in one for word in beside)]) <= 6, sent
    was, now = await told(kindergarten)
    assert (was["working_days"], was["planned"], was["attended"]) == (21, 21, 20)
    assert (was["missed_illness"], was["missed_other"], was["by_code"]) == (1, 0, {"present": 20, "sick": 1})
    assert (now["missed_illness"], now["missed_other"]) == (0, 1)
    async with kindergarten.service.runtime.uow() as uow:
        again = [one async for chunk in telling.counted_months(uow.session) for one in chunk]
    assert [(one.event.model_dump(), one.version) for one in again] == [(now, 2)]


async def test_a_closed_group_has_no_days(kindergarten: School) -> None:
    [first] = await kindergarten.enrol("Аистов")
    await saved(kindergarten, cell(first))
    noted = await close_group(kindergarten, MONDAY, MONDAY)
    assert (noted.status_code, noted.json()["code"]) == (409, "daycare.days-noted")
    for last in (date(2026, 9, 7), date(2026, 11, 10), date(2027, 9, 1)):
        wrong = await close_group(kindergarten, date(2026, 9, 8), last)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "daycare.closure-days")
    made = await close_group(kindergarten, date(2026, 9, 8), date(2026, 9, 14))
    assert made.status_code == 201, made.text
    shown = await sheet(kindergarten)
    assert shown["totals"]["planned"] == 21 - 4
    assert [day["state"] for day in shown["days"][7:14]] == ["closed"] * 7
    stand_at(kindergarten.service, date(2026, 9, 8))
    refused = await save(kindergarten, cell(first, date(2026, 9, 8)))
    assert codes(refused) == [("/body/cells/0/date", "daycare.group-closed")]
    path = f"/daycare-closures/{made.json()['id']}/withdrawal"
    client = kindergarten.service.client
    assert (await client.post(path, headers=kindergarten.teacher)).status_code == 403
    assert (await client.post(path, headers=kindergarten.admin)).json()["withdrawn_at"] is not None
    assert (await client.post(path, headers=kindergarten.admin)).json()["code"] == "daycare.closure-withdrawn"
    assert (await save(kindergarten, cell(first, date(2026, 9, 8)))).status_code == 200


async def test_no_group_is_closed_or_opened_in_a_closed_month(kindergarten: School) -> None:
    made = await close_group(kindergarten, date(2026, 9, 28), date(2026, 10, 2))
    stand_at(kindergarten.service, END)
    assert (await close(kindergarten)).status_code == 201
    refused = await close_group(kindergarten, END, END)
    assert (refused.status_code, refused.json()["code"]) == (409, "daycare.month-closed")
    path = f"/daycare-closures/{made.json()['id']}/withdrawal"
    refused = await kindergarten.service.client.post(path, headers=kindergarten.admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "daycare.month-closed")


async def test_the_month_is_read_counted_and_printed_alike(kindergarten: School) -> None:
    first, second = await kindergarten.enrol("Аистов", "Белова")
    await saved(kindergarten, cell(first), cell(second, MONDAY, "unexcused"), headers=kindergarten.admin)
    await saved(kindergarten, confirm=[date(2026, 9, 4)])
    counted = await count(kindergarten)
    assert counted["totals"] == (await sheet(kindergarten))["totals"]
    assert (counted["working_days"], counted["average"]) == (21, 0.1)
    assert [one["group"] for one in counted["groups"]] == ["Ромашка"]
    for path in (
        f"/groups/{kindergarten.group_id}/daycare-sheet/file",
        f"/organizations/{kindergarten.organization_id}/daycare-count/file",
    ):
        for form, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
            answer = await kindergarten.service.client.get(
                path, params={"month": MONTH, "format": form}, headers=kindergarten.admin
            )
            assert answer.status_code == 200, answer.text
            assert answer.content.startswith(begins)
    book = await kindergarten.service.client.get(
        f"/groups/{kindergarten.group_id}/daycare-sheet/file",
        params={"month": MONTH, "format": "xlsx"},
        headers=kindergarten.teacher,
    )
    rows = CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_name("Табель").to_python()
    row = next(row for row in rows if row[0] == "Белова Алиса")
    assert row[1:9] == ["?", "?", "?", "Я", "В", "В", "Н", "?"]
    assert row[31:36] == [21, 1, 0, 1, 2]


async def test_a_month_outside_the_year_of_the_group_is_refused(kindergarten: School) -> None:
    for month in ("2026-08", "2027-09"):
        refused = await kindergarten.service.client.get(
            f"/groups/{kindergarten.group_id}/daycare-sheet", params={"month": month}, headers=kindergarten.teacher
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "daycare.outside-year")
    assert (await sheet(kindergarten, "2027-08"))["totals"]["planned"] == 0


async def test_days_of_two_cards_are_one_childs_until_they_are_parted(kindergarten: School) -> None:
    [absorbed] = await kindergarten.enrol("Прежняя")
    survivor = new_id()
    await saved(kindergarten, cell(absorbed))
    await hear(kindergarten.service, merge(absorbed, survivor, 4))
    assert await cells(kindergarten) == {(str(survivor), 7): ("sick", 1)}
    assert codes(await save(kindergarten, cell(absorbed, MONDAY, "excused", 1))) == [
        ("/body/cells/0/student_id", "daycare.not-on-roster")
    ]
    await hear(kindergarten.service, merge(absorbed, None, 5))
    assert await cells(kindergarten) == {(str(absorbed), 7): ("sick", 1)}


async def test_nothing_is_noted_while_a_month_is_being_closed(kindergarten: School) -> None:
    [first] = await kindergarten.enrol("Аистов")
    stand_at(kindergarten.service, END)
    await saved(kindergarten, confirm=WORKING, headers=kindergarten.admin)
    closed, *answers = await asyncio.gather(
        close(kindergarten),
        *(save(kindergarten, cell(first, day, None, 1), headers=kindergarten.admin) for day in WORKING[:6]),
    )
    taken_away = sum(one.status_code == 200 for one in answers)
    assert {one.status_code for one in answers} <= {200, 409, 422}
    if closed.status_code == 201:
        assert (taken_away, (await sheet(kindergarten))["totals"]["unmarked"]) == (0, 0)
    else:
        assert (closed.json()["code"], closed.json()["unmarked"] >= 1) == ("daycare.days-left", True)


async def test_cells_are_held_against_their_history(kindergarten: School) -> None:
    [first] = await kindergarten.enrol("Аистов")
    await saved(kindergarten, cell(first), confirm=[date(2026, 9, 4)])
    assert await disagreeing(kindergarten.service.runtime, lambda _: None) == (2, [])
    await past_triggers(kindergarten, "UPDATE child_day SET code = 'excused' WHERE code = 'sick'")
    count_, [found] = await disagreeing(kindergarten.service.runtime, lambda _: None)
    assert (count_, found.split()[0]) == (2, "child_day")
