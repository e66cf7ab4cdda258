"""Indicators are what a naive count over the same facts says, and counting again changes nothing."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from asu_contracts.core import OrganizationKind
from reporting.bootstrap import SERVICE
from reporting.monitoring.counting import Done, count_all
from servicekit.clock import FixedClock
from servicekit.runs import RunContext

from ..factories import KRASNODAR, SOCHI, Region, Reporting
from .counting import NOVEMBER, TERM, count, read, retell, standing


async def test_an_indicator_is_counted_for_organization_municipality_and_region(
    reporting: Reporting, region: Region
) -> None:
    schools = [region.organization(OrganizationKind.SCHOOL, place) for place in (KRASNODAR, KRASNODAR, SOCHI)]
    groups = [region.group(one, 5) for one in schools]
    lessons = [
        region.lesson(groups[0], date(2026, 9, 7), learners=20, absent=1),
        region.lesson(groups[0], date(2026, 9, 30), learners=20, absent=3),
        region.lesson(groups[1], date(2026, 9, 8), learners=10, absent=5),
        region.lesson(groups[2], date(2026, 9, 8), learners=50, absent=0),
        region.lesson(groups[2], date(2026, 10, 1), learners=50, absent=50),
    ]
    await reporting.tell(*schools, *groups, *lessons)
    await count(reporting)
    found = await standing(reporting, "absence", "2026-09")
    whole = {series: value for series, value in found.items() if series.endswith("|||")}
    assert whole == {
        f"{schools[0].organization_id}|||": (10.0, 20),
        f"{schools[1].organization_id}|||": (50.0, 10),
        f"{schools[2].organization_id}|||": (0.0, 50),
        f"{KRASNODAR}|||": (18.0, 20),
        f"{SOCHI}|||": (0.0, 50),
        "|||": (9.0, 50),
    }
    assert found[f"{schools[0].organization_id}|||{groups[0].group_id}"] == (10.0, 20)
    assert (await standing(reporting, "absence", "2026-10"))["|||"] == (100.0, 50)
    assert await standing(reporting, "absence", "2026-11") == {}, "the month is not over"


async def test_counting_again_adds_nothing_and_changed_facts_add_a_revision(
    reporting: Reporting, region: Region
) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 5)
    lesson = region.lesson(group, date(2026, 9, 7), learners=20, absent=2)
    await reporting.tell(school, group, lesson)
    first = await count(reporting)
    assert first.values > 0
    assert await count(reporting) == Done(0, 0)
    await retell(reporting, lesson.model_copy(update={"absent": 4}))
    assert (await count(reporting, daily=True)).counts == 0, "what was counted today waits until tomorrow"
    second = await count(reporting)
    assert second.counts > 0
    rows = await reporting.service.fetch(
        """SELECT v.revision, v.value, c.log_position FROM indicator_value v JOIN indicator_count c ON c.id = v.count_id
        WHERE v.indicator = 'absence' AND v.period = '2026-09' AND v.series = '|||' ORDER BY 1"""
    )
    assert [(row[0], float(row[1])) for row in rows] == [(1, 10.0), (2, 20.0)]
    assert rows[0][2] < rows[1][2]
    kept = "SELECT count(*) FROM indicator_count"
    ((before,),) = await reporting.service.fetch(kept)
    await retell(reporting, lesson.model_copy(update={"absent": 4}), version=3)
    third = await count(reporting)
    assert (third.counts, third.values) == (second.counts, 0)
    assert await reporting.service.fetch(kept) == [(before,)], "a count of which nothing came is none"
    assert await count(reporting) == Done(0, 0)


async def test_values_are_read_as_they_were_counted_by_an_instant(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 5)
    lesson = region.lesson(group, date(2026, 9, 7), learners=20, absent=2)
    await reporting.tell(school, group, lesson)
    await count(reporting)
    await retell(reporting, lesson.model_copy(update={"absent": 4}))
    await count(reporting, NOVEMBER + timedelta(days=1))
    asked = {"organizations": {}, "municipalities": {}, "parts": {"organization_id": str(school.organization_id)}}
    for what, unit in asked.items():
        instants: dict[int, set[float]] = {-1: set(), 1: {10.0}, 24: {20.0}}
        for hours, values in instants.items():
            known_at = (NOVEMBER + timedelta(hours=hours)).isoformat()
            given = {"period": "2026-09", "known_at": known_at, **unit}
            found = await read(reporting, f"/indicators/absence/{what}", None, **given)
            assert {one["value"] for one in found["items"]} == values, (what, hours)


async def test_what_is_counted_no_more_leaves_an_empty_value(reporting: Reporting, region: Region) -> None:
    schools = [region.organization(OrganizationKind.SCHOOL) for _ in range(2)]
    groups = [region.group(one, 5) for one in schools]
    taken_back, stands = (region.period(one) for one in groups)
    await reporting.tell(*schools, *groups, taken_back, stands)
    await count(reporting)
    own, whole = f"{schools[0].organization_id}|||", "|||"
    found = await standing(reporting, "success", TERM)
    assert (found[own], found[whole]) == ((95.0, 20), (95.0, 40))
    await retell(reporting, taken_back.model_copy(update={"closed": False}))
    await count(reporting)
    found = await standing(reporting, "success", TERM)
    assert (found[own], found[whole]) == ((None, 0), (95.0, 20))
    await retell(reporting, stands.model_copy(update={"closed": False}))
    await count(reporting)
    assert set((await standing(reporting, "success", TERM)).values()) == {(None, 0)}


async def test_a_count_that_was_cut_short_goes_on_where_it_was(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 5)
    await reporting.tell(school, group, region.lesson(group, date(2026, 10, 7), absent=3), region.period(group))
    reporting.service.runtime.clock = FixedClock(NOVEMBER)
    for many in (4, 14):

        async def cut(done: int, _total: int, many: int = many) -> None:
            if done == many:
                raise TimeoutError

        with pytest.raises(TimeoutError):
            await count_all(reporting.service.runtime, cut)
        ((kept,),) = await reporting.service.fetch("SELECT count(DISTINCT period) FROM indicator_period")
        assert kept == many
        (made,) = await reporting.service.fetch(
            "SELECT count(*), count(DISTINCT (indicator, period)) FROM indicator_count"
        )
        assert made[0] == made[1], "nothing is counted twice"
    assert (await standing(reporting, "absence", "2026-10"))["|||"] == (15.0, 20)
    assert (await read(reporting, "/quality-alerts", indicator="absence"))["items"] == []
    assert await count(reporting) == Done(0, 0)
    assert len((await read(reporting, "/quality-alerts", indicator="absence"))["items"]) == 3


async def test_it_is_counted_now_by_a_run_that_tells_what_it_did(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school, group := region.group(school, 5), region.lesson(group, date(2026, 10, 7)))
    reporting.service.runtime.clock = FixedClock(NOVEMBER)
    headers = reporting.headers()
    ordered = await reporting.service.client.post("/indicator-counts", headers=headers)
    assert ordered.status_code == 202, ordered.text
    run = ordered.json()
    await SERVICE.runs[run["kind"]](RunContext(reporting.service.runtime, UUID(run["id"]), {}))
    done = await read(reporting, f"/runs/{run['id']}", headers)
    assert (done["status"], done["done"], done["result"]["values"] > 0) == ("succeeded", done["total"], True)
    periods = await read(reporting, "/indicators/absence/periods", headers)
    assert (len(periods["items"]), periods["items"][0]["period"]) == (13, "2026-10")
    catalogue = await read(reporting, "/indicators", headers)
    assert catalogue["items"][0]["thresholds"]["school"] == {"low": 95.0, "high": None, "people": 1}
