"""Academic debts: they arise with the closing of a year, are cleared in two attempts at most within a year, and are seen when late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .closing_year import JUNE, ORDERS, School, at
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry


@pytest.fixture
async def school(service: ServiceUnderTest) -> School:
    return await School(Registry(service)).open()


async def with_debts(school: School, **decision: Any) -> str:
    """A draft of a closing with one student promoted with debts; its id."""
    closing_id: str = (await school.prepare())["id"]
    said = {"outcome": "conditional", "debts": ["Алгебра", "алгебра ", "Физика"], "debts_due": "2027-10-31", **decision}
    decided = await school.decide(closing_id, school.students["5А"][:1], **said)
    assert decided.status_code == 200, decided.text
    return closing_id


async def listed(school: School, **params: str) -> dict[str, dict[str, Any]]:
    """Debts by subject, as the office sees them."""
    answer = await school.call(Role.SECRETARY, "GET", "/academic-debts", params=params)
    assert answer.status_code == 200, answer.text
    return {one["subject"]: one for one in answer.json()["items"]}


async def attempt(school: School, debt: dict[str, Any], held_on: str, mark: str) -> Any:
    path, body = f"/academic-debts/{debt['id']}/attempts", {"held_on": held_on, "mark": mark}
    return await school.call(Role.COORDINATOR, "POST", path, debt["version"], json=body)


async def test_debts_are_cleared_in_two_attempts_within_a_year(school: School) -> None:
    registry = school.registry
    with at(registry):
        closing_id = await with_debts(school, debts_due="2028-06-26")
        (conflicts,) = (await school.outcomes(closing_id, in_conflict=True)).values()
        assert conflicts["conflicts"] == ["debts_term"]
        assert await listed(school) == {}
        await school.decide(
            closing_id,
            school.students["5А"][:1],
            outcome="conditional",
            debts=["Алгебра", "алгебра ", "Физика"],
            debts_due="2027-10-31",
        )
        assert (await school.run(await school.confirm(closing_id)))["status"] == "succeeded"
        debts = await listed(school, state="open")
    assert set(debts) == {"Алгебра", "Физика"}
    algebra, physics = debts["Алгебра"], debts["Физика"]
    shown = [algebra[name] for name in ("group", "arose_on", "due_on", "last_on", "attempts_left", "overdue")]
    assert shown == ["5А", "2027-06-25", "2027-10-31", "2028-06-25", 2, False]
    assert algebra["values"]["last_name"] == "Образцова"

    with at(registry, datetime(2027, 9, 20, 9, tzinfo=UTC)):
        failed = (await attempt(school, algebra, "2027-09-15", "2")).json()
        assert (failed["attempts_left"], failed["cleared_on"], failed["attempts"][0]["passed"]) == (1, None, False)
        for day in ("2027-09-15", "2027-09-21", "2027-06-01"):
            refused = await attempt(school, failed, day, "4")
            assert (refused.status_code, refused.json()["code"]) == (422, "debts.attempt-date")
        cleared = (await attempt(school, failed, "2027-09-20", "3")).json()
        assert (cleared["cleared_on"], cleared["attempts_left"], cleared["group"]) == ("2027-09-20", 0, "6А")
        assert cleared["attempts"][1]["recorded_by"]
        again = await attempt(school, cleared, "2027-09-20", "3")
        assert (again.status_code, again.json()["code"]) == (409, "debts.cleared")

    path = f"/academic-debts/{physics['id']}"
    with at(registry, datetime(2027, 11, 1, 9, tzinfo=UTC)):
        assert [one["overdue"] for one in (await listed(school, state="overdue")).values()] == [True]
        longer = {"due_on": "2028-12-01", "reason": "Длительное лечение"}
        refused = await school.call(Role.COORDINATOR, "PATCH", path, physics["version"], json=longer)
        assert (refused.status_code, refused.json()["code"]) == (422, "debts.term")
        paused = {**longer, "paused_days": 200}
        prolonged = (await school.call(Role.COORDINATOR, "PATCH", path, physics["version"], json=paused)).json()
        assert (prolonged["overdue"], prolonged["last_on"]) == (False, "2029-01-11")
        for day in ("2027-10-30", "2027-11-01"):
            prolonged = (await attempt(school, prolonged, day, "н/а")).json()
        spent = await attempt(school, prolonged, "2027-11-01", "5")
        assert (spent.status_code, spent.json()["code"]) == (409, "debts.attempts-spent")

    with at(registry, datetime(2028, 12, 2, 9, tzinfo=UTC)):
        for municipality, late in ((MUNICIPALITY, 1), (OTHER_MUNICIPALITY, 0)):
            token = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=municipality)
            for headers in (token, registry.region):
                params = {"state": "overdue", "municipality": municipality}
                found = await registry.service.client.get("/academic-debts", params=params, headers=headers)
                assert len(found.json()["items"]) == late


async def test_debts_go_with_the_closing_that_is_taken_back_and_come_with_it_again(school: School) -> None:
    registry = school.registry
    with at(registry):
        closing_id = await with_debts(school)
        assert (await school.run(await school.confirm(closing_id)))["status"] == "succeeded"
        before = await listed(school)
        assert len(before) == 2
    with at(registry, JUNE + timedelta(days=1)):
        assert (await school.reverse(closing_id))["status"] == "succeeded"
        assert await listed(school) == {}
    with at(registry, JUNE + timedelta(days=2)):
        await school.name(closing_id, {kind: {**one, "number": f"{one['number']}2"} for kind, one in ORDERS.items()})
        assert (await school.run(await school.confirm(closing_id)))["status"] == "succeeded"
        assert {one["id"] for one in (await listed(school)).values()} == {one["id"] for one in before.values()}
