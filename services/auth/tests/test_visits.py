"""Visits of a day are counted once it is over, by role and unit, and nobody is named."""

import json
from datetime import UTC, datetime

from auth.visits import service as visits
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest

from .factories import ADMIN, ADMIN_PASSWORD, People

LATE = datetime(2026, 9, 7, 22, 30, tzinfo=UTC)
"""In Moscow the next day has begun."""


async def count_at(people: People, moment: datetime) -> None:
    people.runtime.clock = FixedClock(moment)
    await visits.JOB.action(people.runtime)


async def told(service: ServiceUnderTest) -> list[dict[str, object]]:
    rows = await service.fetch("SELECT payload FROM outbox WHERE type = 'auth.visits.counted.v1' ORDER BY id")
    return [json.loads(row["payload"]) for row in rows]


async def test_a_day_is_counted_once_when_it_is_over(people: People, service: ServiceUnderTest) -> None:
    people.runtime.clock = FixedClock(LATE)
    await people.region_admin()
    for _ in range(2):  # beside the sign-in that set the password
        signed = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    await people.refresh(signed["refresh_token"])
    await count_at(people, LATE)
    assert await told(service) == [], "the day before has neither positions nor visits"
    for _ in range(2):
        await count_at(people, datetime(2026, 9, 9, 0, 30, tzinfo=UTC))
    (event,) = await told(service)
    assert {**event, "visits_id": None} == {
        "visits_id": None, "day": "2026-09-08", "role": "region_admin", "founder_id": None, "municipality": None,
        "organization_id": None, "holders": 1, "visitors": 1, "sessions": 3,
    }  # fmt: skip
    await count_at(people, datetime(2026, 9, 10, 0, 30, tzinfo=UTC))
    (_, later) = await told(service)
    assert (later["day"], later["holders"], later["visitors"], later["sessions"]) == ("2026-09-09", 1, 0, 0)
