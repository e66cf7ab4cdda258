"""The teaching load as the tests distribute it."""

from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role
from servicekit.ids import new_id

from .staffing import hiring
from .world import YEAR, Registry


async def teacher(registry: Registry, organization_id: UUID, number: int, **values: Any) -> str:
    """Id of a teacher hired by an organization."""
    answer = await registry.service.client.post(
        f"/organizations/{organization_id}/workers",
        json=hiring(number, **values),
        headers=registry.office(organization_id),
    )
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["worker_id"]
    return found


def load(subject_id: str, worker_id: str, hours: str, **more: Any) -> dict[str, Any]:
    """A line to distribute."""
    taught = {name: str(value) for name, value in more.items()}
    return {"subject_id": subject_id, "worker_id": worker_id, "hours_week": hours, **taught}


async def distribute(registry: Registry, organization_id: UUID, *lines: dict[str, Any]) -> httpx.Response:
    """Lines as the coordinator distributes them."""
    return await registry.service.client.post(
        f"/organizations/{organization_id}/loads",
        json={"academic_year": YEAR, "loads": list(lines)},
        headers=registry.position(organization_id, Role.COORDINATOR),
    )


async def on(registry: Registry, organization_id: UUID, day: str, **query: str) -> list[dict[str, Any]]:
    """Lines of the load on a day."""
    answer = await registry.service.client.get(
        f"/organizations/{organization_id}/loads",
        params={"date": day, **query},
        headers=registry.office(organization_id),
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def subgroup(registry: Registry, organization_id: UUID, group_id: UUID, name: str) -> UUID:
    """A subgroup of a class."""
    division_id, teaching_group_id = new_id(), new_id()
    await registry.service.fetch(
        "INSERT INTO division (id, organization_id, group_id, name, rule, recorded_at, recorded_by, reason) "
        "VALUES ($1, $2, $3, $4, 'by_hand', now(), 'test', 'Проверка')",
        division_id,
        organization_id,
        group_id,
        name,
    )
    await registry.service.fetch(
        "INSERT INTO teaching_group (id, organization_id, academic_year, kind, name, division_id, group_id, subject_ids, "
        "starts_on, ends_on, recorded_at, recorded_by, reason) VALUES ($1, $2, $3, 'subgroup', $4, $5, $6, '{}', "
        "'2026-09-01', '2027-09-01', now(), 'test', 'Проверка')",
        teaching_group_id,
        organization_id,
        YEAR,
        name,
        division_id,
        group_id,
    )
    return teaching_group_id
