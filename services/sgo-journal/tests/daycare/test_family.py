"""A guardian sees the child's month in the group, the group's working days and events, and nobody else's child."""

from datetime import date, timedelta
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import MONDAY, School, audited, guardianship, hear
from .kindergarten import HOLIDAY, MONTH, as_kindergarten, cell, saved, sheet

FRIDAY = date(2026, 9, 4)


@pytest.fixture
async def kindergarten(school: School) -> School:
    return await as_kindergarten(school)


async def month(school: School, student: Any, headers: dict[str, str]) -> Any:
    return await school.service.client.get(f"/students/{student}/daycare", params={"month": MONTH}, headers=headers)


async def test_a_month_of_the_own_child(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов", on=date(2026, 9, 2))
    await kindergarten.enrol("Белова")
    guardian = new_id()
    await hear(kindergarten.service, guardianship(guardian, mine))
    headers = kindergarten.headers(Role.GUARDIAN, guardian)
    await saved(kindergarten, cell(mine, FRIDAY), confirm=[MONDAY])
    await kindergarten.hire("Иванова", kindergarten.teacher_id)
    event = {
        "kind": "excursion", "title": "Музей", "learners_ids": [str(kindergarten.group_id)], "starts_on": "2026-09-11",
        "ends_on": "2026-09-11", "responsible_id": str(kindergarten.teacher_id), "note": "Для педагогов",
    }  # fmt: skip
    path = f"/organizations/{kindergarten.organization_id}/class-events"
    assert (await kindergarten.service.client.post(path, json=event, headers=kindergarten.admin)).status_code == 201
    closed = {"first_day": "2026-09-28", "last_day": "2026-10-02", "reason": "Карантин"}
    path = f"/groups/{kindergarten.group_id}/daycare-closures"
    assert (await kindergarten.service.client.post(path, json=closed, headers=kindergarten.admin)).status_code == 201
    before = len(await audited(kindergarten))
    answer = await month(kindergarten, mine, headers)
    assert answer.status_code == 200, answer.text
    assert "Белова" not in answer.text
    assert "Для педагогов" not in answer.text
    [group] = answer.json()["groups"]
    days = {day["date"][-2:]: (day["state"], day["sign"]) for day in group["days"]}
    assert [days[key] for key in ("01", "02", "04", "05", "07", "28")] == [
        ("away", None), ("working", None), ("working", "Б"), ("off", None), ("working", "Я"), ("closed", None),
    ]  # fmt: skip
    assert days[f"{HOLIDAY:%d}"] == ("off", None)
    assert (group["group"], [one["title"] for one in group["events"]]) == ("Ромашка", ["Музей"])
    assert group["closures"] == [["2026-09-28", "2026-10-02", "Карантин"]]
    assert (group["figures"]["attended"], group["figures"]["missed_illness"], group["figures"]["planned"]) == (1, 1, 17)
    assert len(await audited(kindergarten)) == before, "a family's own reading is not audited"


async def test_no_other_guardian_sees_it(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    former, blind = new_id(), new_id()
    await hear(kindergarten.service, guardianship(former, mine, until=MONDAY), guardianship(blind, mine, may_see=False))
    for person in (former, blind, new_id()):
        assert (await month(kindergarten, mine, kindergarten.headers(Role.GUARDIAN, person))).status_code == 404


async def test_a_child_of_a_school_has_no_such_month(school: School) -> None:
    [mine] = await school.enrol("Аистов")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, mine))
    answer = await month(school, mine, school.headers(Role.GUARDIAN, guardian))
    assert (answer.status_code, answer.json()["groups"]) == (200, [])


async def test_the_sheet_offers_what_was_told_ahead(kindergarten: School) -> None:
    [mine] = await kindergarten.enrol("Аистов")
    guardian = new_id()
    await hear(kindergarten.service, guardianship(guardian, mine))
    body = {
        "starts_on": MONDAY.isoformat(),
        "ends_on": (MONDAY + timedelta(days=5)).isoformat(),
        "reason": "vacation",
    }
    told = await kindergarten.service.client.post(
        f"/students/{mine}/absence-notices", json=body, headers=kindergarten.headers(Role.GUARDIAN, guardian)
    )
    assert told.status_code == 201, told.text
    [child] = (await sheet(kindergarten))["children"]
    assert child["announced"] == [[day, "vacation"] for day in (7, 8, 9, 11)], "the holiday and Saturday are no days"
    await saved(kindergarten, confirm=[MONDAY])
    [child] = (await sheet(kindergarten))["children"]
    assert (child["cells"], child["announced"][0]) == ([[7, "vacation", 1]], [8, "vacation"])
