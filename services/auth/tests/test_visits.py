"""Visits of a day are counted once it is over, by role and unit; by name they are shown to the organization alone."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from auth.visits import service as visits
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest

from .factories import ADMIN, ADMIN_PASSWORD, MUNICIPALITY, People, of_organization

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


class Office:
    """The administrator of an organization, who opens accounts and watches."""

    def __init__(self, people: People, organization_id: UUID) -> None:
        self.people, self.organization_id = people, organization_id
        tokens = people.service.tokens
        self.headers = tokens.headers(
            Role.ORGANIZATION_ADMIN, municipality=MUNICIPALITY, organization_id=organization_id
        )

    async def worker(self, login: str, *, works: bool) -> str:
        grants = [{"role": "teacher", "unit": of_organization(self.organization_id)}]
        body = {"login": login, "display_name": "Иванова Мария", "grants": grants}
        answer = await self.people.client.post("/accounts", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        if works:
            assert (await self.people.sign_in(login, answer.json()["slip"]["password"])).status_code == 201
        return str(answer.json()["account"]["id"])

    async def ask(self, **params: str) -> httpx.Response:
        asked = {"organization_id": str(self.organization_id), **params}
        return await self.people.client.get("/visits/workers", params=asked, headers=self.headers)

    async def shown(self, **params: str) -> list[tuple[str, int, str | None]]:
        answer = await self.ask(**params)
        assert answer.status_code == 200, answer.text
        return [(one["account_id"], one["days"], one["last_day"]) for one in answer.json()["items"]]


async def test_an_organization_sees_who_of_its_workers_works_in_the_system_and_who_never_does(people: People) -> None:
    people.runtime.clock = FixedClock(LATE)
    office, other = Office(people, await people.organization()), Office(people, await people.organization())
    busy, idle = await office.worker("busy", works=True), await office.worker("idle", works=False)
    await other.worker("elsewhere", works=True)
    for moment in (datetime(2026, 9, 9, 0, 30, tzinfo=UTC), datetime(2026, 9, 9, 22, 30, tzinfo=UTC)):
        await count_at(people, moment)  # of the 8th, as it is in Moscow, and of the 9th, on which nobody worked

    assert await office.shown() == [(busy, 1, "2026-09-08"), (idle, 0, None)]
    assert await office.shown(**{"from": "2026-09-09"}) == [(busy, 0, "2026-09-08"), (idle, 0, None)]
    assert await office.shown(to="2026-09-07") == [], "nobody held a position yet"
    first = (await office.ask(limit="1")).json()
    assert await office.shown(limit="1", after=first["next"]) == [(idle, 0, None)]
    assert (await office.ask(organization_id=str(other.organization_id))).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-09-09", "to": "2026-09-08"},
        {"from": "2025-01-01", "to": "2026-09-08"},
        {"from": "2026-09-08", "to": "2026-09-10"},
        {"from": "0001-01-01"},
        {"to": "0001-01-05"},
        {"to": "9999-12-31"},
    ],
)
async def test_a_period_is_of_days_that_are_over_and_known(people: People, asked: dict[str, str]) -> None:
    people.runtime.clock = FixedClock(datetime(2026, 9, 9, 20, 30, tzinfo=UTC))
    answer = await Office(people, await people.organization()).ask(**asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "visits.period")


async def test_days_worked_are_forgotten_after_their_term(people: People, service: ServiceUnderTest) -> None:
    people.runtime.clock = FixedClock(LATE)
    await Office(people, await people.organization()).worker("busy", works=True)
    await count_at(people, datetime(2026, 9, 9, 0, 30, tzinfo=UTC))
    assert [row["day"] for row in await service.fetch("SELECT day FROM worked_day")] == [date(2026, 9, 8)]
    await count_at(people, datetime(2027, 10, 30, 0, 30, tzinfo=UTC))
    assert await service.fetch("SELECT day FROM worked_day") == []
