"""How far behind the ingest is, how long it has heard nothing, what it was never told."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from opentelemetry.metrics import CallbackOptions

from asu_contracts.core import OrganizationKind
from reporting.bootstrap import SERVICE
from reporting.watch.metrics import FRESH, MEASURED, Measured
from servicekit.clock import FixedClock
from servicekit.testing import received

from ..factories import Region, Reporting


async def measured(reporting: Reporting) -> dict[str, Any]:
    """The state after the jobs; the log's instants of arrival are the database's."""
    reporting.service.runtime.clock = FixedClock(datetime.now(UTC) + timedelta(hours=1))
    for job in SERVICE.jobs:
        if job.name.startswith("ingest."):
            await job.action(reporting.service.runtime)
    answer: dict[str, Any] = (await reporting.get("/ingest/state")).json()
    return answer


def of_type(state: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in state["types"] if one["type"] == name]
    return dict(found)


def test_one_late_batch_outlives_the_wait_of_its_alert() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (rule,) = re.findall(r"`max by \(type\) \(asu_ingest_lag_seconds\) > (\d+)` for (\d+) minutes", readme)
    (fresh,) = re.findall(r"asu_ingest_lag_seconds\{type\}`: [^|]*; 0 when none came for (\d+) minutes", readme)
    threshold, wait = float(rule[0]), timedelta(minutes=int(rule[1]))
    assert timedelta(minutes=int(fresh)) == FRESH
    came = datetime(2026, 9, 1, tzinfo=UTC)
    late = Measured({"x": threshold + 1}, {"x": came})
    ticks = [timedelta(seconds=30) * number for number in range(60)]  # as often as the job measures
    fires = []
    for tick in ticks:
        late.at = came + tick
        fires.append([one.value > threshold for one in late.lags(CallbackOptions())] == [True])
    assert ticks[fires.index(False) - 1] > wait + timedelta(minutes=2), "with room for a measuring or two that fail"


async def test_lag_and_silence_of_each_type(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 3)
    slow, quick = (datetime.now(UTC) - timedelta(minutes=minutes) for minutes in (20, 1))
    await reporting.deliver([received(school, at=quick), received(group, at=slow)])
    await measured(reporting)
    await reporting.deliver([received(group, version=2, at=quick)])
    state = await measured(reporting)
    groups, lessons = of_type(state, "core.group.changed.v1"), of_type(state, "journal.lesson.recorded.v1")
    assert (groups["events"], groups["queue"], groups["producer"]) == (2, "reporting.directory", "core")
    assert 50 < groups["lag_seconds"] < 120, "of the last, not of those before"
    assert 3500 < groups["silence_seconds"] < 3700
    assert (lessons["events"], lessons["last_received_at"]) == (0, None)
    seen = {one.attributes["type"]: one.value for one in MEASURED.lags(CallbackOptions()) if one.attributes}
    assert seen["core.group.changed.v1"] == 0, "an hour later nothing is late any more"
    MEASURED.at = datetime.now(UTC)
    seen = {one.attributes["type"]: one.value for one in MEASURED.lags(CallbackOptions()) if one.attributes}
    assert seen["core.group.changed.v1"] == groups["lag_seconds"]
    await reporting.deliver([received(group, version=3, at=slow)])
    told_again = of_type(await measured(reporting), "core.group.changed.v1")
    assert (told_again["events"], told_again["lag_seconds"]) == (3, 0), "what fills a gap says nothing of lateness"
    silent = {one.attributes["type"]: one.value for one in MEASURED.silences(CallbackOptions()) if one.attributes}
    assert silent["core.group.changed.v1"] > 3500


async def test_what_is_named_and_never_told_is_a_gap(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group, child = region.group(school, 3), region.id()
    movement = region.movement(child, date(2026, 9, 1), opened=region.stay(group))
    await reporting.tell(movement)
    missing = {one["kind"]: one["missing"] for one in (await measured(reporting))["gaps"]}
    assert missing == {"learner": 1, "group": 1, "organization": 1}
    assert {one.value for one in MEASURED.missing(CallbackOptions())} == {1}
    await reporting.tell(school, group, region.statistics(date(2017, 5, 5), of=child))
    missing = {one["kind"]: one["missing"] for one in (await measured(reporting))["gaps"]}
    assert missing == {"learner": 0, "group": 0, "organization": 0}
