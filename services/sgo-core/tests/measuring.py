"""Organizations whose cards the tests of quality measure."""

from typing import Any
from uuid import UUID

from .world import Registry


async def measured(registry: Registry, organization_id: UUID) -> dict[str, Any]:
    path = f"/organizations/{organization_id}/quality/measurement"
    answer = await registry.service.client.post(path, headers=registry.office(organization_id))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(registry: Registry, path: str, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = await registry.service.client.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of_kind(standing: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in standing["cards"] if one["card_kind"] == kind)
    return found


async def a_class(registry: Registry, students: int = 2) -> tuple[UUID, UUID, list[UUID]]:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    return (
        organization_id,
        group_id,
        [await registry.student(organization_id, group_id, number) for number in range(1, students + 1)],
    )


async def clone(connection: Any, table: str, times: str, changed: dict[str, str]) -> None:
    """Rows like the one of a table, as many as ``times`` has."""
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND is_generated = 'NEVER'"
    names = [row["column_name"] for row in await connection.fetch(query, table)]
    values = ", ".join(changed.get(name, f"origin.{name}") for name in names)
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} AS origin, {times}"
    )
