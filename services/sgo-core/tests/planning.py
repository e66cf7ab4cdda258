"""Curricula as the tests draft and approve them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role

from .world import YEAR, Registry, class_

FIFTH = {
    "russian": "5",
    "literature": "3",
    "foreign": "3",
    "mathematics": "5",
    "history": "2",
    "geography": "1",
    "biology": "1",
    "art": "1",
    "music": "1",
    "labour": "2",
    "sport": "2",
}
"""Hours of the obligatory subjects of the fifth grade: 26 of 29."""
SENIOR = {
    "russian": "2",
    "literature": "3",
    "foreign": "3",
    "algebra_analysis": "4",
    "geometry": "3",
    "probability": "1",
    "informatics": "1",
    "history": "2",
    "social": "2",
    "geography": "1",
    "physics": "2",
    "chemistry": "1",
    "biology": "1",
    "sport": "2",
    "safety": "1",
}
"""Hours of the obligatory subjects of the tenth grade: 29 of 34."""


async def subject_ids(registry: Registry) -> dict[str, str]:
    """Ids of the region's subjects by code."""
    rows = await registry.fetch("SELECT code, id::text FROM subject WHERE organization_id IS NULL")
    return {row["code"]: row["id"] for row in rows}


async def lines(registry: Registry, hours: Mapping[str, str] = FIFTH, **options: Any) -> list[dict[str, Any]]:
    """Lines of the obligatory part."""
    ids = await subject_ids(registry)
    return [
        {"subject_id": ids[code], "component": "obligatory", "hours_week": number, **options}
        for code, number in hours.items()
    ]


async def fifth_class(registry: Registry, organization_id: UUID, name: str = "5А", year: int = YEAR) -> UUID:
    """A class of the fifth grade."""
    return UUID((await registry.groups(organization_id, class_(name, 25, 5), year=year))[0]["id"])


async def draft(
    registry: Registry, organization_id: UUID, *group_ids: UUID, headers: dict[str, str] | None = None, **changes: Any
) -> httpx.Response:
    """A plan of the fifth grade as the coordinator drafts it."""
    body = {
        "academic_year": YEAR,
        "grade": 5,
        "title": "Учебный план 5 классов",
        "lines": await lines(registry),
        "group_ids": [str(one) for one in group_ids],
        **changes,
    }
    return await registry.service.client.post(
        f"/organizations/{organization_id}/curricula",
        json=body,
        headers=headers or registry.position(organization_id, Role.COORDINATOR),
    )


async def approve(
    registry: Registry, organization_id: UUID, plan: Mapping[str, Any], day: str = "2026-09-01"
) -> httpx.Response:
    """The head's approval of a draft."""
    headers = {**registry.position(organization_id, Role.HEAD), "If-Match": f'"{plan["version"]}"'}
    return await registry.service.client.post(
        f"/curricula/{plan['id']}/approval",
        json={"document_number": "15-о", "document_date": "2026-08-28", "in_force_from": day},
        headers=headers,
    )


async def approved(
    registry: Registry, organization_id: UUID, *group_ids: UUID, day: str = "2026-09-01", **changes: Any
) -> dict[str, Any]:
    """An approved plan."""
    drafted = await draft(registry, organization_id, *group_ids, **changes)
    assert drafted.status_code == 201, drafted.text
    answer = await approve(registry, organization_id, drafted.json(), day)
    assert answer.status_code == 200, answer.text
    plan: dict[str, Any] = answer.json()
    return plan
