"""Steps that the tests of acts on organizations share."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role

from .world import MUNICIPALITY, Registry, class_, row, xlsx

DAY = date(2026, 10, 1)


class Acts:
    """Two people of a municipal body, and the acts they make."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        tokens = registry.service.tokens
        self.drafter, self.confirmer = (
            tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY) for _ in range(2)
        )
        self._numbers = 0

    async def draft(self, kind: str, *, day: date = DAY, **plan: Any) -> httpx.Response:
        self._numbers += 1
        body = {
            "kind": kind,
            "document_number": f"{self._numbers}-п",
            "document_date": "2026-08-20",
            "effective_date": day.isoformat(),
            "plan": {name: _plain(value) for name, value in plan.items()},
        }
        return await self.registry.service.client.post("/reorganizations", json=body, headers=self.drafter)

    async def preview(self, act: dict[str, Any]) -> dict[str, Any]:
        path = f"/reorganizations/{act['id']}/preview"
        answer = await self.registry.service.client.get(path, headers=self.drafter)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def confirm(self, act: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.registry.service.client.post(
            f"/reorganizations/{act['id']}/confirmation",
            headers={**(headers or self.confirmer), "If-Match": f'"{act["version"]}"'},
        )

    async def execute(self, act: dict[str, Any]) -> httpx.Response:
        return await self.registry.service.client.post(
            f"/reorganizations/{act['id']}/execution", headers=self.confirmer
        )

    async def carry_out(self, kind: str, **plan: Any) -> dict[str, Any]:
        """An act drafted, confirmed and carried out; its run."""
        act = await self.confirmed(kind, **plan)
        queued = await self.execute(act)
        assert queued.status_code == 202, queued.text
        return await self.registry.run(queued.json()["id"], self.confirmer)

    async def confirmed(self, kind: str, **plan: Any) -> dict[str, Any]:
        drafted = await self.draft(kind, **plan)
        assert drafted.status_code == 201, drafted.text
        answer = await self.confirm(drafted.json())
        assert answer.status_code == 200, answer.text
        act: dict[str, Any] = answer.json()
        return act


def _plain(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
    return value


async def school(registry: Registry, first: int, *classes: str, children: int = 3) -> tuple[UUID, dict[str, UUID]]:
    """A school with classes of some children each; its groups by name."""
    organization_id = await registry.organization()
    made = await registry.groups(organization_id, *(class_(name, 25) for name in classes))
    rows = [
        row(first + place * 100 + number, **{"Класс (группа)": name})
        for place, name in enumerate(classes)
        for number in range(children)
    ]
    result = await registry.import_list(organization_id, xlsx(rows))
    assert result["created"] == len(rows), result
    return organization_id, {group["name"]: UUID(group["id"]) for group in made}


async def standing(registry: Registry) -> dict[UUID, list[tuple[UUID, UUID]]]:
    """Where every student is without an end: organization and group, all stays."""
    found: dict[UUID, list[tuple[UUID, UUID]]] = {}
    for one in await registry.fetch(
        "SELECT m.student_id, m.organization_id, p.group_id FROM membership m "
        "JOIN placement p ON p.membership_id = m.id AND p.valid_to IS NULL WHERE m.valid_to IS NULL"
    ):
        found.setdefault(one["student_id"], []).append((one["organization_id"], one["group_id"]))
    return found
