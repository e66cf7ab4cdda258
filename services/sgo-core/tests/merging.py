"""Steps that the tests of merging share."""

from typing import Any
from uuid import UUID

import httpx

from servicekit.ids import new_id

from .world import Registry, snils

CHILD = {
    "last_name": "Двойников",
    "first_name": "Пётр",
    "birth_date": "2019-05-01",
    "sex": "male",
    "citizenship": "643",
}


async def open_card(registry: Registry, organization_id: UUID, number: int | None, **values: Any) -> UUID:
    """A student's card with a guardian of its own; without a number it has no СНИЛС."""
    mother = {"last_name": "Двойникова", "first_name": f"Мария{number}", "mobile_phone": "+79000000001"}
    more = {} if number is None else {"snils": snils(number)}
    answer = await registry.service.client.post(
        f"/organizations/{organization_id}/students",
        json={
            "values": {**CHILD, **more, **values},
            "guardians": [{"values": mother, "kinship": "mother"}],
            "consented_at": "2026-01-01T06:00:00Z",
        },
        headers=registry.office(organization_id),
    )
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["student_id"])


async def enrol(
    registry: Registry, organization_id: UUID, group_id: UUID, student_id: UUID, day: str, number: str
) -> None:
    line = {"student_id": str(student_id), "kind": "enrolled", "effective_date": day, "group_id": str(group_id)}
    answer = await registry.order(organization_id, line, number=number)
    assert answer.status_code == 200, answer.text


async def merge(
    registry: Registry, headers: dict[str, str], survivor: UUID, absorbed: UUID, kind: str = "student", **more: Any
) -> httpx.Response:
    body = {"kind": kind, "survivor_id": str(survivor), "absorbed_id": str(absorbed), "reason": "Один ребёнок", **more}
    return await registry.service.client.post("/merges", json=body, headers=headers)


async def merged(
    registry: Registry, headers: dict[str, str], survivor: UUID, absorbed: UUID, kind: str = "student", **more: Any
) -> dict[str, Any]:
    answer = await merge(registry, headers, survivor, absorbed, kind, **more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert made["state"] == "done"
    return made


async def step(registry: Registry, headers: dict[str, str], made: dict[str, Any], name: str) -> httpx.Response:
    return await registry.service.client.post(
        f"/merges/{made['id']}/{name}",
        json={"reason": "Разобрались"},
        headers={**headers, "If-Match": f'"{made["version"]}"'},
    )


async def note(registry: Registry, one: UUID, other: UUID) -> UUID:
    """The pair of two cards, noted."""
    found: UUID = await registry.value(
        "INSERT INTO duplicate_note (student_id, other_id, id, reason, noted_at) VALUES ($1, $2, $3, 'same_document', now()) "
        "ON CONFLICT (student_id, other_id) DO UPDATE SET reason = 'same_document' RETURNING id",
        *sorted((one, other)),
        new_id(),
    )
    return found


def without_versions(read: Any) -> Any:
    """What was read, without the counts of versions, which only grow."""
    if isinstance(read, dict):
        return {name: without_versions(value) for name, value in read.items() if name != "version"}
    return [without_versions(one) for one in read] if isinstance(read, list) else read
