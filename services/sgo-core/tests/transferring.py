"""Steps of a transfer between two organizations as their offices take them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role
from servicekit.clock import FixedClock

from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry, class_

_numbers = iter(range(1, 1_000_000))


class TickingClock(FixedClock):
    """Stands on a day but for a second at each look: of two orders one is always later."""

    def now(self) -> datetime:
        """A second later than when it was asked last."""
        self.instant += timedelta(seconds=1)
        return self.instant

    @classmethod
    def on(cls, day: date) -> "TickingClock":
        """The morning of a day."""
        return cls(datetime(day.year, day.month, day.day, 6, tzinfo=UTC))


@dataclass
class Move:
    """A child of one school, another school with a place; the transfer as last answered."""

    registry: Registry
    sender: UUID
    receiver: UUID
    here: UUID
    there: UUID
    student: UUID
    transfer: dict[str, Any] = field(default_factory=dict)

    async def ask_out(self, **changes: Any) -> httpx.Response:
        today = self.registry.service.runtime.clock.today().isoformat()
        body = {"to_organization_id": str(self.receiver), "applied_on": today, **changes}
        path = f"/students/{self.student}/transfers"
        headers = self.registry.position(self.sender, Role.SECRETARY)
        return self._kept(await self.registry.service.client.post(path, json=body, headers=headers))

    async def ask_in(self, **sought: Any) -> httpx.Response:
        today = self.registry.service.runtime.clock.today().isoformat()
        body = {"applied_on": today, "group_id": str(self.there), **sought}
        path = f"/organizations/{self.receiver}/transfer-requests"
        headers = self.registry.position(self.receiver, Role.SECRETARY)
        return self._kept(await self.registry.service.client.post(path, json=body, headers=headers))

    async def step(self, organization_id: UUID, name: str, **body: Any) -> httpx.Response:
        headers = {
            **self.registry.position(organization_id, Role.SECRETARY),
            "If-Match": f'"{(await self.read()).json()["version"]}"',
        }
        path = f"/transfers/{self.transfer['id']}/{name}"
        return self._kept(await self.registry.service.client.post(path, json=body, headers=headers))

    async def read(self, headers: dict[str, str] | None = None) -> httpx.Response:
        path = f"/transfers/{self.transfer['id']}"
        return await self.registry.service.client.get(path, headers=headers or self.registry.region)

    async def release(self, day: date) -> httpx.Response:
        line = {
            "student_id": str(self.student),
            "kind": "transferred_between_organizations",
            "effective_date": day.isoformat(),
        }
        return await self.registry.order(self.sender, line, number=f"п-{next(_numbers)}", day=day.isoformat())

    async def accept(
        self, day: date, organization_id: UUID | None = None, group_id: UUID | None = None
    ) -> httpx.Response:
        line = {
            "student_id": str(self.student),
            "kind": "enrolled",
            "effective_date": day.isoformat(),
            "group_id": str(group_id or self.there),
        }
        number = f"з-{next(_numbers)}"
        return await self.registry.order(organization_id or self.receiver, line, number=number, day=day.isoformat())

    async def cancel(self, organization_id: UUID, order_id: str) -> httpx.Response:
        number = f"о-{next(_numbers)}"
        drafted = await self.registry.service.client.post(
            f"/orders/{order_id}/cancellation",
            json={"number": number, "date": "2026-10-02", "reason": "Ошибочно"},
            headers=self.registry.position(organization_id, Role.SECRETARY),
        )
        assert drafted.status_code == 201, drafted.text
        return await self.registry.sign(organization_id, drafted.json())

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            self.transfer = answer.json()
        return answer


async def a_move(registry: Registry, number: int = 1) -> Move:
    sender = await registry.organization(municipality=MUNICIPALITY)
    receiver = await registry.organization(municipality=OTHER_MUNICIPALITY)
    here = await registry.school_class(sender, capacity=2)
    (there,) = await registry.groups(receiver, class_("1Г", 1))
    student = await registry.student(sender, here, number)
    return Move(registry, sender, receiver, here, UUID(there["id"]), student)
