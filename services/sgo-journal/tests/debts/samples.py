"""Sample calls of the debts' routes, and debts as tests make and read them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from servicekit.clock import FixedClock
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import MONDAY, YEAR, School, mark
from ..places import school_of


def stand(school: School, days: int = 0) -> date:
    """Let it be noon so many days after the Monday of the tests."""
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 9, tzinfo=UTC) + timedelta(days=days))
    return MONDAY + timedelta(days=days)


async def set_up(school: School, version: int = 0, **settings: Any) -> None:
    """Settings of the school's journals: nobody is too late, and those given."""
    body = {"edit_days": None, "class_teacher_writes": False, **settings}
    path = f"/organizations/{school.organization_id}/journal-settings"
    answer = await school.service.client.put(path, json=body, headers={**school.admin, "If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text


async def saved(school: School, *marks: dict[str, Any], **more: Any) -> list[int]:
    """Versions of the marks that were saved."""
    answer = await school.save(*marks, **more)
    assert answer.status_code == 200, answer.text
    versions: list[int] = answer.json()["marks"]
    return versions


async def asked(school: School, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
    return await school.service.client.get(
        f"/organizations/{school.organization_id}/debts",
        params={"academic_year": YEAR, **params},
        headers=headers or school.teacher,
    )


async def debts(school: School, headers: dict[str, str] | None = None, **params: Any) -> list[dict[str, Any]]:
    """Open debts, as the school's teacher sees them unless told otherwise."""
    answer = await asked(school, headers, **params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def tasks(school: School, student: UUID, headers: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    """What a student has to do from August to the end of the school year."""
    period = {"from": "2026-08-01", "to": "2027-08-31"}
    answer = await school.service.client.get(
        f"/students/{student}/homework", params={**period, **params}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def listed(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    [student] = await school.enrol("Образцова")
    await saved(school, mark(await school.lesson(), student, "debt"), headers=school.admin)
    [debt] = await debts(school, school.admin, student_id=str(student))
    path = f"/organizations/{place.organization_id}/debts"
    return Listed(Call(path, {"params": {"academic_year": YEAR, "limit": 500}}), debt["id"])


SAMPLES: dict[str, Sample | Listing] = {"list_debts": Listing(listed, key="id", denied=404)}
