"""What stands of what was told last, whatever the order, and nothing of it lost."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from asu_contracts.base import Event
from asu_contracts.core import OrganizationKind
from servicekit.messaging import Received
from servicekit.testing import received

from ..factories import Region, Reporting

DAY = date(2026, 9, 7)
MORNING = datetime(2026, 9, 7, 9, tzinfo=UTC)


async def test_the_newest_state_stands_and_the_first_instant_with_it(reporting: Reporting, region: Region) -> None:
    """Each order of three states, alone and two in a batch, comes to the same row."""
    group = region.group(region.organization(OrganizationKind.SCHOOL), 3)
    expected = {}
    for number, order in enumerate(permutations(range(3))):
        lesson = region.lesson(group, DAY)
        states: list[Received[Event]] = [
            received(lesson.model_copy(update={"marks": marks}), version=marks + 1, at=MORNING + timedelta(hours=marks))
            for marks in range(3)
        ]
        in_order = [states[one] for one in order]
        await reporting.deliver(in_order[: 1 + number % 2])
        await reporting.deliver([*in_order[1 + number % 2 :], in_order[0]])
        expected[lesson.lesson_id] = (2, MORNING)
    rows = await reporting.service.fetch(
        "SELECT id, marks, first_told_at FROM facts.lesson WHERE known_to = 'infinity'"
    )
    assert {row[0]: (row[1], row[2]) for row in rows} == expected


async def test_a_period_and_a_month_are_kept_whole(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 3)
    period, month = region.period(group), region.month(group)
    await reporting.tell(school, group, period, month)
    sql = "SELECT group_id, success, standings::text, subjects::text, absences::text FROM facts.period_result"
    (row,) = await reporting.service.fetch(sql)
    assert row[:2] == (group.group_id, 95.0)
    assert [json.loads(one) for one in row[2:]] == [
        period.standings, [one.model_dump(mode="json") for one in period.subjects], period.absences,
    ]  # fmt: skip
    sql = "SELECT planned, attended, missed_illness, missed_other, by_code ->> 'vacation' FROM facts.daycare_month"
    assert await reporting.service.fetch(sql) == [(440, 400, 30, 10, "10")]


async def test_each_day_of_measuring_keeps_its_numbers(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.deliver(
        [
            received(region.quality(school, DAY, missing=10), version=2),
            received(region.quality(school, DAY, missing=40), version=1),
            received(region.quality(school, DAY + timedelta(days=1), missing=7), version=3),
        ]
    )
    rows = await reporting.service.fetch("SELECT measured_on, missing FROM facts.card_quality ORDER BY 1")
    assert [tuple(row) for row in rows] == [(DAY, 10), (DAY + timedelta(days=1), 7)]
