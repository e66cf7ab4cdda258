"""Programmes and groups of additional education as the tests open them."""

from typing import Any
from uuid import UUID

from .samples.classes import programme
from .world import Registry


async def start(registry: Registry, organization_id: UUID, title: str = "Живопись", **changes: Any) -> str:
    answer = await registry.service.client.post(
        f"/organizations/{organization_id}/programmes",
        json=programme(title, **changes),
        headers=registry.office(organization_id),
    )
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def club(
    registry: Registry, organization_id: UUID, name: str = "Живопись 1", capacity: int = 10, **changes: Any
) -> tuple[str, str]:
    """A programme and a group of it."""
    programme_id = await start(registry, organization_id, f"Программа «{name}»", **changes)
    return programme_id, await group_of(registry, organization_id, programme_id, name, capacity)


async def group_of(registry: Registry, organization_id: UUID, programme_id: str, name: str, capacity: int = 10) -> str:
    group = {"kind": "additional_group", "name": name, "programme_id": programme_id, "capacity": capacity}
    found: str = (await registry.groups(organization_id, group))[0]["id"]
    return found


def line(kind: str, student_id: UUID, programme_id: str, day: str = "2026-10-01", **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "student_id": str(student_id),
        "programme_id": programme_id,
        "effective_date": day,
        **more,
    }
