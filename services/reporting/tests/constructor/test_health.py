"""What is said of health: all of it to the office of the organization, to bodies the whole unit with small counts hidden."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asu_contracts.access import Role
from reporting.constructor.semantics import DATASETS
from reporting.constructor.suppression import THRESHOLD

from ..factories import KRASNODAR, Reporting
from . import naive
from .world import DAY, FactsWorld

LEARNERS = DATASETS["learners"]
HEALTH = sorted(name for name, one in LEARNERS.dimensions.items() if one.health)
OTHERS = sorted(name for name, one in LEARNERS.dimensions.items() if not one.health)


@pytest.fixture
async def world(reporting: Reporting) -> FactsWorld:
    made = FactsWorld(5, learners=90)
    await reporting.tell(*made.events)
    return made


def operator(reporting: Reporting) -> dict[str, str]:
    return reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)


async def ask(reporting: Reporting, headers: dict[str, str], **query: Any) -> Any:
    body = {"dataset": "learners", "as_of": str(DAY), "view": {"kind": "pivot"}, **query}
    return await reporting.service.client.post("/constructor/queries", json=body, headers=headers)


def test_health_is_known_as_such() -> None:
    assert HEALTH == ["adapted_programme", "disability", "disorder", "orientation", "special_needs"]


async def test_a_body_sees_no_small_count(reporting: Reporting, world: FactsWorld) -> None:
    asked: list[dict[str, Any]] = []
    name = st.sampled_from(OTHERS)
    wheres = st.sampled_from([{}, {"where": {"field": "disability", "value": True}}])

    @given(st.sampled_from(HEALTH), st.lists(name, max_size=2, unique=True), wheres)
    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def gather(health: str, others: list[str], where: dict[str, Any]) -> None:
        measures = [{"kind": "count"}, {"kind": "mean", "field": "age"}, {"kind": "share", "of": "row"}]
        asked.append({"rows": others, "columns": [health], "measures": measures, **where})

    gather()
    concealed = 0
    for query in asked:
        answer = await ask(reporting, operator(reporting), **query)
        assert answer.status_code == 200, answer.text
        expected = naive.cells(LEARNERS, world.of("learners", {"municipality": KRASNODAR}), query)
        found = answer.json()
        for place, cells in places(found).items():
            count = expected.get(place, [0])[0]
            assert not 0 < count < THRESHOLD or cells[0]["hidden"], (query, place)
            if cells[0]["hidden"]:
                concealed += 1
                assert all(one["value"] is None for one in cells)
            else:
                assert cells[0]["value"] == count
        hidden = sum(cells[0]["hidden"] for cells in places(found).values())
        assert found["hidden"]["cells"] == hidden
        assert bool(hidden) is ("скрыты" in (found["hidden"]["notice"] or ""))
    assert concealed > len(asked)


def places(answer: dict[str, Any]) -> dict[Any, Any]:
    result = answer["result"]
    rows = [tuple(head["value"] for head in one) for one in result["rows"]]
    columns = [tuple(head["value"] for head in one) for one in result["columns"]]
    found: dict[Any, Any] = {
        (row, column): cells
        for row, line in zip(rows, result["cells"], strict=True)
        for column, cells in zip(columns, line, strict=True)
    }
    found |= {(row, None): cells for row, cells in zip(rows, result["row_totals"], strict=True)}
    if result["column_totals"]:
        found |= {(None, column): cells for column, cells in zip(columns, result["column_totals"], strict=True)}
        found[None, None] = result["total"]
    return found


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": "organization"},
        {"as_of": "2026-10-02"},
        {"known_at": "2026-10-01T00:00:00Z"},
        {"where": {"all": [{"field": "disability", "value": True}, {"field": "grade", "value": 1}]}},
        {"where": {"any": [{"field": "disability", "empty": False}, {"field": "sex", "value": "male"}]}},
    ],
)  # fmt: skip
async def test_a_body_asks_for_the_whole_unit_alone(
    reporting: Reporting, world: FactsWorld, changed: dict[str, Any]
) -> None:
    if changed.get("unit"):
        changed = {"unit": {"organization_id": world.told[0].id}}
    query: dict[str, Any] = {"rows": ["grade"], "columns": ["special_needs"], **changed}
    answer = await ask(reporting, operator(reporting), **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "constructor.health")
    region = await ask(reporting, reporting.headers(), rows=["special_needs"], unit={"municipality": KRASNODAR})
    assert region.json()["code"] == "constructor.health"


async def test_the_office_sees_all_of_its_own(reporting: Reporting, world: FactsWorld) -> None:
    school = world.told[0]
    head = reporting.headers(Role.HEAD, **school.unit)
    query: dict[str, Any] = {
        "rows": ["grade"], "columns": ["special_needs"], "where": {"field": "grade", "op": ">", "value": 0}
    }  # fmt: skip
    answer = await ask(reporting, head, **query)
    found = naive.answered(answer.json())
    expected = naive.cells(LEARNERS, world.of("learners", {"organization_id": school.id}), query)
    assert expected.items() <= found.items()
    assert answer.json()["hidden"] == {"cells": 0, "threshold": None, "notice": None}


async def test_a_department_has_no_unit_to_ask_for(reporting: Reporting, world: FactsWorld) -> None:
    department = reporting.headers(Role.DEPARTMENT_OFFICER, founder_id=world.region.id())
    assert (await ask(reporting, department, rows=["grade"])).json()["code"] == "constructor.unit"
