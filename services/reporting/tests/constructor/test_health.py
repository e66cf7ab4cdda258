"""What is said of health: all of it to the office of the organization, to bodies the whole unit with small counts hidden."""

from datetime import date
from threading import Thread, current_thread
from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.constructor.pivot import Pivot
from reporting.constructor.semantics import DATASETS
from reporting.constructor.suppression import THRESHOLD
from reporting.titles import OTHER

from ..factories import KRASNODAR, Region, Reporting
from . import naive
from .world import DAY, FactsWorld

LEARNERS = DATASETS["learners"]
HEALTH = sorted(name for name, one in LEARNERS.dimensions.items() if one.health)


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
    assert HEALTH == [
        "adapted_programme", "class_type", "disability", "disorder", "orientation", "special_needs", "study_form",
    ]  # fmt: skip


@pytest.mark.parametrize("field", HEALTH)
async def test_a_body_sees_no_small_count(reporting: Reporting, world: FactsWorld, field: str) -> None:
    asked: list[tuple[dict[str, str], dict[str, Any], list[str]]] = [
        (operator(reporting), {"municipality": KRASNODAR}, ["organization"]),
        (reporting.headers(), {"region": True}, ["municipality"]),
    ]
    for headers, unit, units in asked:
        query = {"rows": units, "columns": [field], "measures": [{"kind": "count"}, {"kind": "share", "of": "row"}]}
        answer = await ask(reporting, headers, **query)
        assert answer.status_code == 200, answer.text
        expected = naive.cells(LEARNERS, world.of("learners", unit), query)
        found = answer.json()
        places = places_of(found)
        listed = {column for _, column in places}
        for place, cells in places.items():
            others = {key for key in expected if key[0] == place[0] and key[1] not in listed}
            count = expected.get(place, [0])[0]
            if place[1] == ((False,) if field == "disability" else (OTHER,)):
                count += sum(expected[key][0] for key in others)
            assert count >= THRESHOLD or cells[0]["hidden"], (query, place)
            assert cells[0]["value"] == (None if cells[0]["hidden"] else count)
            assert not cells[0]["hidden"] or cells[1]["value"] is None
        hidden = sum(cells[0]["hidden"] for cells in places.values())
        assert found["hidden"]["cells"] == hidden > 0
        assert "скрыты" in found["hidden"]["notice"]
        turned = places_of((await ask(reporting, headers, **query | {"rows": [field], "columns": units})).json())
        assert {(row, column): cells[0] for (column, row), cells in turned.items()} == {
            place: cells[0] for place, cells in places.items()
        }


async def test_a_value_is_listed_whether_or_not_somebody_has_it(reporting: Reporting, region: Region) -> None:
    """Of a short list all, of words that nobody listed those that many have; the rest stand together."""
    events: list[Any] = []
    for _ in range(2):
        school = region.organization(OrganizationKind.SCHOOL)
        group = region.group(school, 1)
        events += [school, group]
        for number in range(20):
            child, programme = region.id(), "5.1" if number < 8 else "8.3" if number == 8 else None
            more: dict[str, Any] = {"adapted_programme": programme, "special_needs": programme and "autism"}
            events.append(region.statistics(date(2019, 1, 1), of=child, disability=False, **more))
            events.append(region.movement(child, date(2026, 9, 1), opened=region.stay(group)))
    await reporting.tell(*events)

    async def columns(field: str) -> list[Any]:
        answer = await ask(reporting, operator(reporting), rows=["organization"], columns=[field])
        return [head["value"] for (head,) in answer.json()["result"]["columns"]]

    assert await columns("disability") == [False, True]
    assert set(await columns("special_needs")) == {*LEARNERS.dimensions["special_needs"].values, None}
    assert await columns("adapted_programme") == ["5.1", OTHER, None]


def places_of(answer: dict[str, Any]) -> dict[Any, Any]:
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
        {"as_of": "2026-11-01"},
        {"as_of": "2100-01-01"},
        {"known_at": "2026-10-01T00:00:00Z"},
        {"where": {"all": [{"field": "disability", "value": True}, {"field": "grade", "value": 1}]}},
        {"rows": ["group_name"]},
        {"rows": ["organization", "grade"]},
        {"rows": ["grade"]},
        {"rows": ["municipality"]},
        {"rows": []},
        {"rows": ["organization", "disability"]},
        {"columns": ["special_needs", "disability"]},
        {"dataset": "placements"},
        {"where": {"field": "disability", "value": True}, "columns": []},
        {"measures": [{"kind": "distinct", "field": "organization"}]},
        {"measures": [{"kind": "mean", "field": "age"}]},
    ],
)  # fmt: skip
async def test_a_body_has_one_table_of_a_field(
    reporting: Reporting, world: FactsWorld, changed: dict[str, Any]
) -> None:
    if changed.get("unit"):
        changed = {"unit": {"organization_id": world.told[0].id}}
    query: dict[str, Any] = {"rows": ["organization"], "columns": ["special_needs"], **changed}
    answer = await ask(reporting, operator(reporting), **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "constructor.health")
    query = {"rows": ["organization"], "columns": ["special_needs"]}
    for unit in ({"municipality": KRASNODAR}, {"region": True}):
        region = await ask(reporting, reporting.headers(), **query, unit=unit)
        assert region.json()["code"] == "constructor.health"


async def test_a_body_does_not_learn_that_somebody_is_there(reporting: Reporting, region: Region) -> None:
    """Of a school with one disabled child it reads what it does of one with none; nothing of a small one, or where all are alike."""
    of_school = {"one": (1, 11), "none": (0, 12), "many": (7, 8), "others": (6, 30), "small": (5, 4), "all": (6, 0)}
    places: dict[str, str] = {}
    events: list[Any] = []
    for name, counts in of_school.items():
        school = region.organization(OrganizationKind.SCHOOL)
        group = region.group(school, 1)
        places[str(school.organization_id)] = name
        events += [school, group]
        for disability, count in zip((True, False), counts, strict=True):
            for _ in range(count):
                child = region.id()
                events.append(region.statistics(date(2019, 1, 1), of=child, disability=disability))
                events.append(region.movement(child, date(2026, 9, 1), opened=region.stay(group)))
    await reporting.tell(*events)
    query: dict[str, Any] = {"rows": ["organization"], "columns": ["disability"]}
    answer = (await ask(reporting, operator(reporting), **query)).json()
    read: dict[str, Any] = {name: [] for name in of_school}
    for (row, column), cells in places_of(answer).items():
        if row is not None and column is not None:
            read[places[row[0]]].append(cells[0]["value"])
    assert answer["hidden"]["notice"].startswith("Числа от 0 до 4")
    shown = {"others": [30, 6], "many": [8, 7]}
    assert read == {name: shown.get(name, [None, None]) for name in read}
    flat = (await ask(reporting, operator(reporting), **query, view={"kind": "table"})).json()["result"]["lines"]
    assert len(flat) == 2 * len(of_school)  # nor does a line that is missing


async def test_hiding_holds_up_nobody_else(
    reporting: Reporting, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reporting.tell(region.organization(OrganizationKind.SCHOOL))
    threads: list[Thread] = []
    hide = Pivot.guarded

    def watched(pivot: Pivot) -> Pivot:
        threads.append(current_thread())
        return hide(pivot)

    monkeypatch.setattr(Pivot, "guarded", watched)
    query: dict[str, Any] = {"rows": ["organization"], "columns": ["disability"]}
    assert (await ask(reporting, operator(reporting), **query)).status_code == 200
    assert threads
    assert current_thread() not in threads


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
