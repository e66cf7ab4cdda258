"""Every cell of every answer is what one counts by hand over the same facts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from asu_contracts.base import Event
from asu_contracts.core import OrganizationKind
from reporting import titles
from reporting.constructor.semantics import DATASETS
from reporting.engine.fields import DATASETS as FORMS
from servicekit.messaging import Received
from servicekit.testing import received

from ..factories import Region, Reporting
from . import naive
from .asking import Query, queries
from .world import DAY, FactsWorld


def test_all_that_forms_count_is_offered() -> None:
    assert FORMS.keys() <= DATASETS.keys()
    for name, fields in FORMS.items():
        offered = {one.field for one in DATASETS[name].dimensions.values()} | DATASETS[name].numbers.keys()
        assert {field for field, one in fields.items() if one.kind is not tuple} <= offered


def test_every_value_of_a_closed_field_has_a_title() -> None:
    for name, fields in FORMS.items():
        for field, one in fields.items():
            if one.kind is str and not one.is_open:
                assert {value for value in one.samples if value is not None} == titles.VALUES[field].keys(), (
                    name,
                    field,
                )


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_cell_is_counted_by_hand(reporting: Reporting, seed: int) -> None:
    world = FactsWorld(seed)
    await reporting.tell(*world.events)
    asked: list[Query] = []

    @given(queries(world))
    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def gather(query: Query) -> None:
        asked.append(query)

    gather()
    for query in asked:
        body = {**query, "as_of": str(DAY), "view": {"kind": "pivot"}}
        if any(DATASETS[query["dataset"]].dimensions[name].health for name in named(query)):
            continue  # what a body is told of health stands in test_health
        answer = await reporting.service.client.post("/constructor/queries", json=body, headers=reporting.headers())
        assert answer.status_code == 200, (query, answer.text)
        found = naive.answered(answer.json())
        expected = naive.cells(DATASETS[query["dataset"]], world.of(query["dataset"], query["unit"]), query)
        assert naive.differences(query, expected, found) == [], query


async def test_what_is_counted_over_days_is_counted_as_it_was_known(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 3)
    known = datetime(2026, 9, 2, 12, tzinfo=UTC)
    lesson, period = region.lesson(group, date(2026, 9, 1)), region.period(group, last_day=date(2026, 9, 1))
    more: Sequence[tuple[Event, dict[str, int]]] = ((lesson, {"absent": 9}), (period, {"absent_days": 30}))
    told: list[Received[Event]] = [received(one, at=known) for one in (school, group)]
    for one, changes in more:
        told += [
            received(one, at=known),
            received(one.model_copy(update=changes), version=2, at=known + timedelta(days=1)),
        ]
    await reporting.deliver(told)
    for dataset, field, before, now in (("lessons", "absent", 1, 9), ("results", "absent_days", 26, 30)):
        query = {"dataset": dataset, "measures": [{"kind": "sum", "field": field}], "as_of": "2026-10-01"}
        for known_at, expected in ((known - timedelta(hours=1), 0), (known, before), (None, now)):
            body = {**query, "known_at": known_at and known_at.isoformat()}
            answer = await reporting.service.client.post("/constructor/queries", json=body, headers=reporting.headers())
            (line,) = answer.json()["result"]["lines"]
            assert line["cells"][0]["value"] == expected, (dataset, known_at)


def named(query: Query) -> set[str]:
    """Dimensions a query names anywhere."""
    found = {*query["rows"], *query["columns"]}
    waiting = [query["where"]] if "where" in query else []
    while waiting:
        one = waiting.pop()
        waiting += [*one.get("all", ()), *one.get("any", ()), *([one["not"]] if "not" in one else ())]
        found |= {one["field"]} if "field" in one else set()
    return found
