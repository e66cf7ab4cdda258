"""An act over a town's organizations, as an operator publishes it."""

from typing import Any
from uuid import UUID

from asu_contracts.core import OrganizationKind

from ..factories import KRASNODAR, Town, organization


def line(organization_id: UUID, street: str | None = "ул. Красная", houses: str = "", **more: Any) -> dict[str, Any]:
    values = {"organization_id": str(organization_id), "settlement": "г. Краснодар", "street": street, "houses": houses}
    return values | more


def act(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "municipality": KRASNODAR,
        "kind": "school",
        "title": "О закреплении территорий за школами",
        "number": "512",
        "issued_on": "2026-03-10",
        "authority": "Администрация муниципального образования город Краснодар",
        "valid_from": "2026-03-15",
        "lines": list(lines),
    }
    return values | more


async def schools(town: Town, count: int, kind: OrganizationKind = OrganizationKind.SCHOOL) -> list[UUID]:
    found = [organization(town.municipality, kind) for _ in range(count)]
    await town.hear(*found)
    return [one.organization_id for one in found]


async def publish(town: Town, sent: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer: dict[str, Any] = await town.post("/territory-acts", status, town.operator, sent)
    return answer


async def found(town: Town, **asked: Any) -> dict[str, tuple[str, set[str]]]:
    """Outcome and organizations by kind."""
    params = {"municipality": town.municipality, "settlement": "Краснодар", **asked}
    answer = await town.service.client.get("/public/territories", params=params)
    assert answer.status_code == 200, answer.text
    return {
        item["kind"]: (item["outcome"], {one["organization_id"] for one in item["organizations"]})
        for item in answer.json()["items"]
    }
