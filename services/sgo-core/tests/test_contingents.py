"""Counts over any line of organizations on any day, their dynamics, and those who left."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .transferring import Move, TickingClock, a_move
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry, class_

TODAY = date(2026, 10, 1)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    service.runtime.clock = TickingClock.on(TODAY)
    return Registry(service)


async def read(registry: Registry, path: str, headers: Any = None, /, **params: str) -> Any:
    answer = await registry.service.client.get(path, params=params, headers=headers or registry.region)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_one_number_is_laid_out_in_many_ways(registry: Registry) -> None:
    """By municipality, kind, grade, sex and organization: the same total; each reader sees its own organizations alone."""
    near, far = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    garden = await registry.organization("preschool")
    first, second = await registry.groups(near, class_("1А"), class_("2А", grade=2))
    places = [(near, UUID(first["id"])), (near, UUID(second["id"])), (near, UUID(first["id"]))]
    places += [(far, await registry.school_class(far)), (garden, await registry.preschool_group(garden))]
    for number, (organization_id, group_id) in enumerate(places):
        await registry.student(organization_id, group_id, number, child_sex="male" if number == 0 else "female")
    day = "2026-09-01"
    parts = {
        by: {
            one["code"]: one["total"]
            for one in (await read(registry, "/contingent/consolidated", date=day, by=by))["parts"]
        }
        for by in ("municipality", "kind", "grade", "sex", "organization", "founder")
    }
    assert parts["municipality"] == {MUNICIPALITY: 4, OTHER_MUNICIPALITY: 1}
    assert parts["kind"] == {"school": 4, "preschool": 1}
    assert parts["grade"] == {"1": 3, "2": 1, None: 1}
    assert parts["sex"] == {"male": 1, "female": 4}
    assert parts["organization"] == {str(near): 3, str(far): 1, str(garden): 1}
    assert parts["founder"] == {None: 5}
    body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    assert (await read(registry, "/contingent/consolidated", body, date=day))["total"] == 4
    assert (await read(registry, "/contingent/consolidated", body, date=day, municipality=OTHER_MUNICIPALITY))[
        "total"
    ] == 0
    assert (await read(registry, "/contingent/consolidated", registry.office(far), date=day))["total"] == 1
    assert (await read(registry, "/contingent/consolidated", date="2026-08-31"))["total"] == 0


async def test_a_transfer_inside_nets_to_nothing(registry: Registry) -> None:
    move = await a_move(registry)
    await move.ask_out()
    await move.step(move.receiver, "agreement")
    assert (await move.release(TODAY)).status_code == 200
    assert (await move.accept(TODAY)).status_code == 200
    period = {"from": "2026-09-01", "to": "2026-10-31"}
    numbers = ("start", "arrived", "left", "end", "moved_inside")

    async def told(**params: str) -> list[int]:
        found = await read(registry, "/contingent/dynamics", **period, **params)
        return [found[name] for name in numbers]

    assert await told() == [1, 1, 1, 1, 1]
    assert await told(municipality=MUNICIPALITY) == [1, 0, 1, 0, 0]
    assert await told(organization_id=str(move.receiver)) == [0, 1, 0, 1, 0]
    wrong = await registry.service.client.get(
        "/contingent/dynamics", params={"from": "2026-10-02", "to": "2026-10-01"}, headers=registry.region
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "contingents.period")


async def test_leavers_of_a_period(registry: Registry) -> None:
    """With reason, destination and order; what was cancelled is not there, what was made anew is there once."""
    move = await a_move(registry)
    again = await registry.student(move.sender, move.here, 2)
    gone = {
        "student_id": str(again),
        "kind": "departed",
        "effective_date": "2026-10-05",
        "reason": "abroad",
        "destination": "Сербия",
    }
    first = (await registry.order(move.sender, gone, number="11")).json()
    await move.ask_out()
    await move.step(move.receiver, "agreement")
    await move.release(TODAY)
    path, period = f"/organizations/{move.sender}/leavers", {"from": "2026-09-01", "to": "2026-12-31"}
    found = (await read(registry, path, **period))["items"]
    assert [(one["kind"], one["effective_date"], one["group_name"]) for one in found] == [
        ("transferred_between_organizations", "2026-10-01", "1А"),
        ("departed", "2026-10-05", "1А"),
    ]
    assert (found[1]["reason_title"], found[1]["destination"], found[1]["order_number"]) == (
        "Выезд за пределы Российской Федерации",
        "Сербия",
        "11",
    )
    assert found[0]["values"]["last_name"] == "Образцова"
    assert found[0]["masked"] == ["birth_date"]
    assert (await move.cancel(move.sender, first["id"])).status_code == 200
    assert [one["kind"] for one in (await read(registry, path, **period))["items"]] == [
        "transferred_between_organizations"
    ]
    assert (await registry.order(move.sender, gone, number="12")).status_code == 200
    ours = await read(registry, path, registry.office(move.sender), **period, kind="departed")
    assert [(one["order_number"], one["masked"]) for one in ours["items"]] == [("12", [])]
    page = await read(registry, path, **period, limit="1")
    rest = await read(registry, path, **period, limit="1", after=page["next"])
    assert [one["order_number"] for one in rest["items"]] == ["12"]
    assert rest["next"] is None
    broken = await registry.service.client.get(path, params={**period, "after": "2026-10-01"}, headers=registry.region)
    assert (broken.status_code, broken.json()["code"]) == (422, "page-key-invalid")


class Story:
    """Random movement of a few children between two schools, by orders and transfers, beside a plain record of what should be."""

    def __init__(self, registry: Registry, random: Random) -> None:
        self.registry, self.random = registry, random
        self.stays: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
        self.orders: list[tuple[UUID, str]] = []
        self.day = TODAY
        self.number = 0

    async def begin(self) -> None:
        self.schools = [
            await self.registry.organization(),
            await self.registry.organization(municipality=OTHER_MUNICIPALITY),
        ]
        self.groups = {school: await self.registry.school_class(school, capacity=3) for school in self.schools}
        for number in range(3):
            school = self.random.choice(self.schools)
            student = await self.registry.student(school, self.groups[school], number)
            self.stays[student] = [(school, date(2026, 9, 1), None)]

    async def step(self) -> None:
        self.day += timedelta(days=self.random.randrange(3))
        student = self.random.choice(list(self.stays))
        await getattr(self, self.random.choice(["leave", "enter", "transfer", "accept", "cancel"]))(student)

    async def order(self, school: UUID, student: UUID, kind: str, **more: str) -> bool:
        self.number += 1
        line = {"student_id": str(student), "kind": kind, "effective_date": self.day.isoformat(), **more}
        answer = await self.registry.order(school, line, number=f"{self.number}", day=self.day.isoformat())
        assert answer.status_code in {200, 409}, answer.text
        if answer.status_code == 200:
            self.orders.append((school, answer.json()["id"]))
        return answer.status_code == 200

    async def leave(self, student: UUID) -> None:
        await self.order(self.random.choice(self.schools), student, "departed", reason="parents_wish")

    async def enter(self, student: UUID) -> None:
        school = self.random.choice(self.schools)
        await self.order(school, student, "enrolled", group_id=str(self.groups[school]))

    async def transfer(self, student: UUID) -> None:
        sender, receiver = self.random.sample(self.schools, 2)
        move = Move(self.registry, sender, receiver, self.groups[sender], self.groups[receiver], student)
        if (await move.ask_out()).is_success:
            if self.random.random() < 0.3:
                await move.step(receiver, "refusal", reason="no_places")
            else:
                await move.step(receiver, "agreement")
            await self.order(sender, student, "transferred_between_organizations")

    async def accept(self, student: UUID) -> None:
        found = await self.registry.fetch(
            "SELECT to_organization_id FROM transfer WHERE student_id = $1 AND state = 'released'", student
        )
        for one in found:
            school = one["to_organization_id"]
            await self.order(school, student, "enrolled", group_id=str(self.groups[school]))

    async def cancel(self, _student: UUID) -> None:
        if self.orders:
            school, order_id = self.random.choice(self.orders)
            move = Move(self.registry, school, school, school, school, _student)
            drafted = await self.registry.service.client.post(
                f"/orders/{order_id}/cancellation",
                json={"number": f"о-{new_id()}", "date": "2026-10-02", "reason": "Ошибочно"},
                headers=self.registry.position(move.sender, Role.SECRETARY),
            )
            answer = await self.registry.sign(school, drafted.json())
            assert answer.status_code in {200, 409}, answer.text


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
async def test_whatever_happens_the_arithmetic_holds(service: ServiceUnderTest, seed: int) -> None:
    """One main stay at a time, occupancy, start + arrived - left = end for each school and both; nobody released is out of sight."""
    service.runtime.clock = TickingClock.on(TODAY)
    registry = Registry(service, first_number=seed * 10 + 1)
    await registry.fetch("TRUNCATE organization, student, guardian, transfer, outbox CASCADE")
    story = Story(registry, Random(seed))
    await story.begin()
    for _ in range(10):
        await story.step()
    await registry.check()
    stays = await registry.fetch(
        "SELECT student_id, organization_id, valid_from, coalesce(valid_to, 'infinity') AS ends FROM membership "
        "WHERE main AND valid_to IS DISTINCT FROM valid_from"
    )
    for day in (date(2026, 9, 15) + timedelta(days=3 * number) for number in range(12)):
        here = Counter(one["student_id"] for one in stays if one["valid_from"] <= day < one["ends"])
        assert max(here.values(), default=0) <= 1
        both = {"from": "2026-09-10", "to": day.isoformat()} if day >= date(2026, 9, 10) else {}
        for params in ({}, *({"organization_id": str(one)} for one in story.schools)):
            found = await read(registry, "/contingent/dynamics", **both, **params)
            assert found["start"] + found["arrived"] - found["left"] == found["end"]
            total = (await read(registry, "/contingent/consolidated", date=day.isoformat(), **params))["total"]
            assert total == found["end"]
            if not params:
                assert total == sum(here.values())
    released = await registry.fetch("SELECT student_id FROM transfer WHERE state IN ('released', 'declined')")
    moved = await registry.fetch("SELECT student_id FROM membership WHERE main AND valid_to IS NULL")
    assert not {one["student_id"] for one in released} & {one["student_id"] for one in moved}
