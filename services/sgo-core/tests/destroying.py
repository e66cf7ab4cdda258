"""Steps that the tests of destruction acts share."""

from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import Role

from .samples.retention import ACT
from .world import Registry


class Destroying:
    """The office of an organization at work on an act."""

    def __init__(self, registry: Registry, organization_id: UUID) -> None:
        self.registry = registry
        self.organization_id = organization_id
        self.client = registry.service.client
        self.secretary, self.coordinator, self.head = (
            registry.position(organization_id, role) for role in (Role.SECRETARY, Role.COORDINATOR, Role.HEAD)
        )

    async def due(self, **params: str) -> list[dict[str, Any]]:
        path = f"/organizations/{self.organization_id}/retention"
        answer = await self.client.get(path, params=params, headers=self.secretary)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def draft(self, number: str = "1", **more: str) -> Any:
        path = f"/organizations/{self.organization_id}/destruction-acts"
        return await self.client.post(path, json={**ACT, "number": number, **more}, headers=self.secretary)

    async def approved(self, number: str = "1") -> dict[str, Any]:
        act = (await self.draft(number)).json()
        path = f"/destruction-acts/{act['id']}"
        checked = await self.client.post(f"{path}/check", headers={**self.coordinator, "If-Match": '"1"'})
        assert checked.status_code == 200, checked.text
        headers = {**self.head, "If-Match": checked.headers["ETag"]}
        approved = await self.client.post(f"{path}/approval", headers=headers)
        assert approved.status_code == 200, approved.text
        found: dict[str, Any] = approved.json()
        return found

    async def execute(self, act: dict[str, Any]) -> dict[str, Any]:
        queued = await self.client.post(f"/destruction-acts/{act['id']}/execution", headers=self.head)
        assert queued.status_code == 202, queued.text
        return await self.registry.run(queued.json()["id"], self.head)

    async def lines(self, act: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.client.get(f"/destruction-acts/{act['id']}/lines", headers=self.head)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


async def left_long_ago(registry: Registry, day: date) -> None:
    """Let every stay have ended on a day."""
    await registry.service.fetch("UPDATE membership SET valid_from = $1::date - 300, valid_to = $1", day)
