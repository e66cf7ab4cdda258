"""Indicators counted and read in their own words."""

from datetime import UTC, datetime
from typing import Any

from asu_contracts.base import Event
from reporting.monitoring.counting import Done, count_all
from servicekit.clock import FixedClock
from servicekit.testing import received

from ..factories import Reporting

TERM = "2026/1 четверть"
NOVEMBER = datetime(2026, 11, 16, 9, tzinfo=UTC)


async def count(reporting: Reporting, at: datetime = NOVEMBER, *, daily: bool = False) -> Done:
    reporting.service.runtime.clock = FixedClock(at)
    return await count_all(reporting.service.runtime, daily=daily)


async def retell(reporting: Reporting, *events: Event, version: int = 2) -> None:
    """Tell what came to be otherwise."""
    await reporting.deliver([received(one, version=version) for one in events])


async def standing(reporting: Reporting, indicator: str, period: str) -> dict[str, tuple[float | None, int]]:
    """Values of a period by series, with the people they are about."""
    found = await reporting.service.fetch(
        """SELECT DISTINCT ON (series) series, value, people FROM indicator_value
        WHERE indicator = $1 AND period = $2 ORDER BY series, revision DESC""",
        indicator,
        period,
    )
    return {row[0]: (None if row[1] is None else float(row[1]), row[2]) for row in found}


async def read(reporting: Reporting, path: str, headers: dict[str, str] | None = None, **params: Any) -> Any:
    answer = await reporting.get(path, headers, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()
