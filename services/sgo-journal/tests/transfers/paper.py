"""A statement from paper as people enter it."""

from typing import Any
from uuid import UUID

import httpx

from ..factories import YEAR, School
from .two_schools import ARRIVAL

PAPER: dict[str, Any] = {
    "source": "МБОУ СОШ № 3 г. Ростова-на-Дону",
    "document_number": "17",
    "document_date": "2026-11-05",
    "arrived_on": ARRIVAL.isoformat(),
}


def subject(title: str, *values: str, **period: str) -> dict[str, Any]:
    """A subject with marks of works without days, and one of the first quarter if ``period`` names its value."""
    marks: list[dict[str, Any]] = [{"value": one} for one in values]
    if period:
        days = {"first_day": "2026-09-01", "last_day": "2026-10-25"}
        marks.append({"kind": "period", "title": "1 четверть", **days, **period})
    return {"title": title, "marks": marks}


def statement(*subjects: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**PAPER, "subjects": subjects, **more}


async def enter(
    school: School, student: UUID, body: dict[str, Any], headers: dict[str, str] | None = None
) -> httpx.Response:
    path = f"/students/{student}/brought-statements"
    return await school.service.client.post(path, json=body, headers=headers or school.admin)


async def entered(school: School, student: UUID, *subjects: dict[str, Any], **more: Any) -> str:
    """The id of a statement that was entered."""
    answer = await enter(school, student, statement(*subjects, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["statement_id"])


async def call(
    school: School,
    method: str,
    path: str,
    version: int,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> httpx.Response:
    """A call at a version, by the office unless told otherwise."""
    sent = {**(headers or school.admin), "If-Match": f'"{version}"'}
    return await school.service.client.request(method, path, headers=sent, **options)


async def shown(school: School, student: UUID, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Statements of a student."""
    answer = await school.service.client.get(
        f"/students/{student}/brought-marks", params={"academic_year": YEAR}, headers=headers or school.admin
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found
