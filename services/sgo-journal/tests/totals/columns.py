"""Totals of a school as its people read and write them."""

from typing import Any
from uuid import UUID

import httpx

from ..factories import School


def total(
    student_id: UUID, value: str | None, version: int = 0, *, kind: str = "period", period: int = 1
) -> dict[str, Any]:
    number = period if kind == "period" else 0
    return {"student_id": str(student_id), "kind": kind, "period": number, "value": value, "version": version}


async def save(
    school: School,
    *totals: dict[str, Any],
    journal_id: UUID | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> httpx.Response:
    return await school.service.client.post(
        f"/journals/{journal_id or await school.journal()}/totals",
        json={"totals": list(totals), **more},
        headers=headers or school.teacher,
    )


async def read(
    school: School,
    what: str = "totals",
    journal_id: UUID | None = None,
    headers: dict[str, str] | None = None,
    **params: Any,
) -> dict[str, Any]:
    answer = await school.service.client.get(
        f"/journals/{journal_id or await school.journal()}/{what}", params=params, headers=headers or school.teacher
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def standing(
    school: School, journal_id: UUID | None = None
) -> dict[tuple[str, str, int], tuple[str | None, int]]:
    """What stands: value and version by student, kind and period."""
    page = await read(school, journal_id=journal_id)
    return {
        (student["id"], one["kind"], one["period"]): (one["value"], one["version"])
        for student in page["students"]
        for one in student["totals"]
    }
