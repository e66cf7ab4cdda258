"""An overdue debt counts as «2» where the organization says so, by one rule in every mean, and each explanation names it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock

from ..alerts.samples import alerts_of
from ..factories import MONDAY, SEPTEMBER, School, mark
from ..totals.columns import read, save, total
from .samples import saved, set_up, stand

DUE = "2026-09-09"


@pytest.fixture
async def child(school: School) -> UUID:
    """A student with two fives, and a debt of Monday."""
    await school.set_year()
    [child] = await school.enrol("Белова")
    cells = [mark(await school.lesson(number=number), child, "5") for number in (1, 2)]
    await saved(school, *cells, mark(await school.lesson(number=3), child, "debt", due_on=DUE))
    return child


async def suggested(school: School) -> dict[str, Any]:
    [found] = (await read(school, "totals/suggestions", kind="period", period=1))["students"]
    one: dict[str, Any] = found
    return one


async def means(school: School, child: UUID) -> dict[str, Any]:
    answer = await school.service.client.get(
        f"/students/{child}/means",
        params={"from": SEPTEMBER.isoformat(), "to": "2026-10-23"},
        headers=school.headers(Role.STUDENT, child),
    )
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["items"]
    one: dict[str, Any] = found
    return one


async def printed(school: School, name: str) -> list[Any]:
    answer = await school.service.client.get(
        f"/groups/{school.group_id}/reports/{name}",
        params={"from": SEPTEMBER.isoformat(), "to": "2026-09-30"},
        headers=school.admin,
    )
    assert answer.status_code == 200, answer.text
    [row] = [row for row in answer.json()["sections"][0]["rows"] if str(row[0]).startswith("Белова")]
    found: list[Any] = row
    return found


async def everywhere(school: School, child: UUID) -> list[float]:
    """The mean as a suggestion, a report card and a printout have it."""
    of_cards, of_totals = (await means(school, child))["mean"], (await suggested(school))["mean"]
    return [float(of_totals), float(of_cards), float((await printed(school, "marks-sheet"))[1])]


@pytest.mark.parametrize(("counts", "days", "mean"), [(False, 9, 5.0), (True, 2, 5.0), (True, 3, 4.0), (True, 40, 4.0)])
async def test_an_overdue_debt_counts_as_two_everywhere_or_nowhere(
    school: School, child: UUID, counts: bool, days: int, mean: float
) -> None:
    await set_up(school, overdue_debts_count=counts)
    stand(school, days)
    assert await everywhere(school, child) == [mean] * 3


async def test_an_explanation_names_the_debt_that_counts(school: School, child: UUID) -> None:
    await set_up(school, overdue_debts_count=True)
    before = await suggested(school)
    assert (before["value"], before["explanation"]) == ("not_attested", "(5·1 + 5·1) / 2 = 5")
    stand(school, 3)
    for found in (await suggested(school), await means(school, child)):
        assert found["explanation"] == "(5·1 + 5·1 + 2·1) / 3 = 4; просроченный долг: • как 2"
        assert [(one["sign"], one["overdue_as"]) for one in found["marks"]] == [("5", None), ("5", None), ("•", "2")]
    assert (await suggested(school))["value"] == "4"
    assert (await printed(school, "class-summary"))[6:8] == [2, 1], "two marks and, still, a debt"


async def test_a_closed_debt_counts_as_its_mark_and_another_setting_at_once(school: School, child: UUID) -> None:
    await set_up(school, overdue_debts_count=True)
    stand(school, 3)
    assert await everywhere(school, child) == [4.0] * 3
    await set_up(school, 1, overdue_debts_count=False)
    assert await everywhere(school, child) == [5.0] * 3
    await set_up(school, 2, overdue_debts_count=True)
    page = await school.page()
    [third] = [lesson["id"] for lesson in page["lessons"] if lesson["number"] == 3]
    await saved(school, mark(third, child, "3", 1))
    assert await everywhere(school, child) == [4.33] * 3


async def test_a_total_set_by_a_mean_with_an_overdue_debt_is_nothing_unusual(school: School, child: UUID) -> None:
    await set_up(school, overdue_debts_count=True)
    stand(school, 3)
    await save(school, total(child, "2"))
    [off] = await alerts_of(school, kind="total_off")
    assert off["text"] == "Итоговая 2 при среднем балле 4,00"


async def test_a_debt_counts_in_its_own_scale(school: School) -> None:
    await school.set_year()
    [child] = await school.enrol("Белова")
    await set_up(school, overdue_debts_count=True)
    stand(school, 9)
    path = f"/organizations/{school.organization_id}/scales"

    def value(code: str, **more: Any) -> dict[str, Any]:
        return {"code": code, "sign": code, "title": code, **more}

    async def explained(number: int, *values: dict[str, Any]) -> str:
        body = {"title": f"Своя {number}", "values": list(values)}
        made = await school.service.client.post(path, json=body, headers=school.admin)
        assert made.status_code == 201, made.text
        journal = await school.teach(f"Предмет {number}")
        patched = await school.service.client.patch(
            f"/journals/{journal}", json={"scale_id": made.json()["id"]}, headers={**school.admin, "If-Match": '"1"'}
        )
        assert patched.status_code == 200, patched.text
        lesson = await school.lesson(MONDAY, number, journal_id=journal)
        await saved(school, mark(lesson, child, "d", due_on=DUE), journal_id=journal)
        [found] = (await read(school, "totals/suggestions", journal, kind="period", period=1))["students"]
        told: str = found["explanation"]
        return told

    hundred = [value("90", points=90, grade=5), value("40", points=40, grade=2), value("30", points=30, grade=2)]
    nothing = "нет отметок, которые входят в средний балл"
    assert await explained(1, *hundred, value("d", debt=True)) == "(30·1) / 1 = 30; просроченный долг: d как 30"
    assert await explained(2, value("90", points=90), value("d", debt=True)) == nothing
    own = value("d", debt=True, points=10, grade=2)
    assert await explained(3, *hundred, own) == "(10·1) / 1 = 10", "it counts by points of its own, overdue or not"


async def test_a_debt_of_another_scale_counts_as_its_two_does_in_the_journals(school: School, child: UUID) -> None:
    await set_up(school, overdue_debts_count=True)
    stand(school, 3)
    values = [
        {"code": code, "sign": code, "title": code, "points": points, "grade": grade}
        for code, points, grade in (("90", 90, 5), ("30", 30, 2))
    ]
    path = f"/organizations/{school.organization_id}/scales"
    made = await school.service.client.post(path, json={"title": "Стобалльная", "values": values}, headers=school.admin)
    journal = await school.journal()
    patched = await school.service.client.patch(
        f"/journals/{journal}", json={"scale_id": made.json()["id"]}, headers={**school.admin, "If-Match": '"1"'}
    )
    assert patched.status_code == 200, patched.text
    told = "(90·1 + 90·1 + 30·1) / 3 = 70; просроченный долг: • как 2; из другой шкалы: 5 как 90, 5 как 90, • как 30"
    assert (await suggested(school))["explanation"] == (await means(school, child))["explanation"] == told


async def test_a_day_is_over_when_it_is_over_in_the_region(school: School, child: UUID) -> None:
    await set_up(school, overdue_debts_count=True)
    for hour, mean in ((20, "5.00"), (21, "4.00")):
        school.service.runtime.clock = FixedClock(datetime(2026, 9, 9, hour, 30, tzinfo=UTC))
        assert float((await suggested(school))["mean"]) == float(mean), "at 21:00 in UTC the next day begins"
