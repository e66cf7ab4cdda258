"""Plans as a teacher's and an office's calls."""

from typing import Any
from uuid import UUID

import httpx

from ..factories import YEAR, School

FIRST = {"If-Match": '"1"'}


def topic(title: str, hours: int = 1, **more: Any) -> dict[str, Any]:
    return {"title": title, "hours": hours, **more}


def section(title: str | None, *topics: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "topics": list(topics)}


async def call(
    school: School,
    method: str,
    path: str,
    version: int | None = None,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> httpx.Response:
    """A call, as the school's teacher unless told otherwise."""
    sent = {**(headers or school.teacher), **({} if version is None else {"If-Match": f'"{version}"'})}
    return await school.service.client.request(method, path, headers=sent, **options)


async def a_plan(
    school: School, *sections: dict[str, Any], subject_id: UUID | str | None = None, **more: Any
) -> dict[str, Any]:
    """The teacher's plan of the journal's subject, with topics if some are given."""
    if subject_id is None:
        journal = await call(school, "GET", f"/journals/{await school.journal()}")
        subject_id = journal.json()["subject_id"]
    body = {"academic_year": YEAR, "subject_id": str(subject_id), "grade": 5, "title": "Окружающий мир, 5", **more}
    made = await call(school, "POST", f"/organizations/{school.organization_id}/plans", json=body)
    assert made.status_code == 201, made.text
    plan: dict[str, Any] = made.json()
    if not sections:
        return plan
    put = await call(school, "PUT", f"/plans/{plan['id']}/contents", 1, json={"sections": list(sections)})
    assert put.status_code == 200, put.text
    filled: dict[str, Any] = put.json()
    return filled


async def followed(school: School, plan: dict[str, Any], version: int = 0) -> dict[str, Any]:
    """Let the journal follow a plan."""
    path = f"/journals/{await school.journal()}/plan"
    answer = await call(school, "PUT", path, version, json={"plan_id": plan["id"]})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
