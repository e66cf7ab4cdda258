"""A school at the end of the year: classes with students, and the steps of the closing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role
from servicekit.clock import FixedClock

from .world import YEAR, Registry, class_

JUNE = datetime(YEAR + 1, 6, 26, 9, tzinfo=UTC)
END = date(YEAR + 1, 9, 1)
ORDERS = {
    "promotion": {"number": "120-у", "date": "2027-06-25"},
    "graduation": {"number": "121-у", "date": "2027-06-25"},
    "departure": {"number": "122-у", "date": "2027-06-25"},
}
BACK = {kind: {"number": f"{one['number']}-отм", "date": "2027-06-27"} for kind, one in ORDERS.items()}


@contextmanager
def at(registry: Registry, instant: datetime = JUNE) -> Iterator[None]:
    """Let the service's clock stand."""
    runtime = registry.service.runtime
    real, runtime.clock = runtime.clock, FixedClock(instant)
    try:
        yield
    finally:
        runtime.clock = real


class School:
    """An organization with classes 5А, 9А and 11А, and next year's 5А, 6А, 9А, 10А."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.id: UUID
        self.now: dict[str, UUID] = {}
        self.next: dict[str, UUID] = {}
        self.students: dict[str, list[UUID]] = {}

    async def open(self, numbers: int = 0, each: int = 2, capacity: int = 30) -> "School":
        """Open it, with students in each class."""
        self.id = await self.registry.organization()
        for store, year, names in (
            (self.now, YEAR, ("5А", "9А", "11А")),
            (self.next, YEAR + 1, ("5А", "6А", "9А", "10А")),
        ):
            classes = [{**class_(name, capacity), "grade": int(name[:-1])} for name in names]
            for group in await self.registry.groups(self.id, *classes, year=year):
                store[group["name"]] = UUID(group["id"])
        for place, name in enumerate(self.now):
            self.students[name] = [
                await self.registry.student(self.id, self.now[name], numbers + place * 100 + one) for one in range(each)
            ]
        return self

    async def call(
        self, role: Role, method: str, path: str, version: int | None = None, **options: Any
    ) -> httpx.Response:
        """A request by a position of the school."""
        headers = dict(self.registry.position(self.id, role))
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self.registry.service.client.request(method, path, headers=headers, **options)

    async def prepare(self, **orders: Any) -> dict[str, Any]:
        """A draft with its orders; the closing."""
        made = await self.call(
            Role.COORDINATOR, "POST", f"/organizations/{self.id}/year-closings", json={"academic_year": YEAR}
        )
        assert made.status_code == 201, made.text
        return await self.name(made.json()["id"], {**ORDERS, **orders})

    async def name(self, closing_id: str, orders: dict[str, Any]) -> dict[str, Any]:
        """Name the orders of a draft; the closing."""
        body = {"orders": orders, "graduated_on": "2027-06-26"}
        path, version = f"/year-closings/{closing_id}", (await self.closing(closing_id))["version"]
        edited = await self.call(Role.COORDINATOR, "PATCH", path, version, json=body)
        assert edited.status_code == 200, edited.text
        closing: dict[str, Any] = edited.json()
        return closing

    async def closing(self, closing_id: str) -> dict[str, Any]:
        """The closing as it stands."""
        found: dict[str, Any] = (await self.call(Role.COORDINATOR, "GET", f"/year-closings/{closing_id}")).json()
        return found

    async def decide(self, closing_id: str, students: list[UUID], **decision: Any) -> httpx.Response:
        """Decide for several students."""
        body = {"student_ids": [str(one) for one in students], "decision": decision}
        return await self.call(Role.COORDINATOR, "POST", f"/year-closings/{closing_id}/decisions", json=body)

    async def outcomes(self, closing_id: str, **params: Any) -> dict[str, dict[str, Any]]:
        """Outcomes by student."""
        answer = await self.call(
            Role.SECRETARY, "GET", f"/year-closings/{closing_id}/outcomes", params={"limit": 500, **params}
        )
        assert answer.status_code == 200, answer.text
        return {one["student_id"]: one for one in answer.json()["items"]}

    async def confirm(self, closing_id: str, what: str = "confirmation") -> httpx.Response:
        """Coordinator and administrator confirm; the answer to the second."""
        path = f"/year-closings/{closing_id}/{what}"
        first = await self.call(Role.COORDINATOR, "POST", path, (await self.closing(closing_id))["version"])
        if first.status_code != 200:
            return first
        return await self.call(Role.ORGANIZATION_ADMIN, "POST", path, first.json()["version"])

    async def run(self, confirmed: httpx.Response) -> dict[str, Any]:
        """Let a worker carry out what was confirmed."""
        assert confirmed.status_code == 200, confirmed.text
        headers = self.registry.position(self.id, Role.ORGANIZATION_ADMIN)
        return await self.registry.run(confirmed.json()["run"]["id"], headers)

    async def close(self) -> str:
        """Close the year; the id of the closing."""
        closing_id: str = (await self.prepare())["id"]
        run = await self.run(await self.confirm(closing_id))
        assert run["status"] == "succeeded", run
        return closing_id

    async def reverse(self, closing_id: str, orders: dict[str, Any] | None = None) -> dict[str, Any]:
        """Take the closing back; the run."""
        version = (await self.closing(closing_id))["version"]
        body = {"orders": orders or BACK, "reason": "Ошибка в итогах"}
        asked = await self.call(Role.COORDINATOR, "POST", f"/year-closings/{closing_id}/reversal", version, json=body)
        assert asked.status_code == 200, asked.text
        return await self.run(await self.confirm(closing_id, "reversal/confirmation"))

    async def stands(self) -> list[tuple[str, str, str, bool]]:
        """Who stays where and when: days that are none are left out, stays in a row in one group are one."""
        rows = await self.registry.fetch(
            """
            SELECT m.student_id::text, g.name || ' ' || g.academic_year AS name,
                range_agg(daterange(p.valid_from, p.valid_to))::text AS days, bool_or(m.valid_to IS NULL) AS staying
            FROM placement p JOIN membership m ON m.id = p.membership_id JOIN study_group g ON g.id = p.group_id
            WHERE m.organization_id = $1 AND NOT isempty(daterange(p.valid_from, p.valid_to))
            GROUP BY 1, 2 ORDER BY 1, 2
            """,
            self.id,
        )
        return [tuple(row) for row in rows]
