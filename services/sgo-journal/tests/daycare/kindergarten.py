"""A kindergarten with one group, its educator and its calendar."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.core import CalendarDates, GradeCalendar, GroupKind, StudyWeek
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest, received

from ..closings.samples import WEEK
from ..factories import MONDAY, SEPTEMBER, YEAR, School, calendar, group, group_teacher, hear

MONTH = "2026-09"
WORKED = [date(2026, 9, day) for day in (1, 2, 3, 4, 7)]
"""Working days that have come by the Monday of the tests."""
HOLIDAY = date(2026, 9, 10)


def open_days(*rests: date) -> GradeCalendar:
    """When groups without a grade are open: five days a week all year but for ``rests``."""
    return GradeCalendar(
        period_kind="year",
        periods=(CalendarDates(first_day=SEPTEMBER, last_day=date(YEAR + 1, 8, 31)),),
        vacations=(),
        weeks=(StudyWeek(first_day=SEPTEMBER, days=5),),
        rests=rests,
        special_days=(),
    )


async def add_group(
    school: School,
    name: str = "Ромашка",
    group_id: UUID | None = None,
    *,
    since: date = SEPTEMBER,
    until: date = date(YEAR + 1, 9, 1),
) -> UUID:
    """Let the journal hear of a preschool group."""
    group_id = group_id or new_id()
    told = group(group_id, school.organization_id, name)
    told = told.model_copy(
        update={"kind": GroupKind.PRESCHOOL_GROUP, "grade": None, "starts_on": since, "ends_on": until}
    )
    await hear(school.service, received(told, version=9 if since == SEPTEMBER else 10))
    return group_id


async def as_kindergarten(school: School) -> School:
    """Make a kindergarten of a school: its class becomes a group that the school's teacher leads."""
    await add_group(school, group_id=school.group_id)
    await hear(
        school.service,
        # Told later than the calendars of other samples of rights, with which the place is shared, and good for them too.
        received(calendar(school.organization_id, WEEK, open_days(HOLIDAY)), version=10),
        group_teacher(school.group_id, school.teacher_id, school.organization_id),
    )
    return school


def stand_at(service: ServiceUnderTest, day: date) -> None:
    """It is noon of the day."""
    service.runtime.clock = FixedClock(datetime.combine(day, time(9), tzinfo=UTC))


def cell(student_id: UUID, day: date = MONDAY, code: str | None = "sick", version: int = 0) -> dict[str, Any]:
    return {"student_id": str(student_id), "date": day.isoformat(), "code": code, "version": version}


async def save(
    school: School,
    *cells: dict[str, Any],
    confirm: Sequence[date] = (),
    headers: dict[str, str] | None = None,
    group_id: UUID | None = None,
    **more: Any,
) -> httpx.Response:
    """Note days of the group, as its educator unless told otherwise."""
    return await school.service.client.post(
        f"/groups/{group_id or school.group_id}/daycare-days",
        json={"cells": list(cells), "confirm": [day.isoformat() for day in confirm], **more},
        headers=headers or school.teacher,
    )


async def saved(school: School, *cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await save(school, *cells, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sheet(school: School, month: str = MONTH, headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await school.service.client.get(
        f"/groups/{school.group_id}/daycare-sheet", params={"month": month}, headers=headers or school.teacher
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def cells(school: School) -> dict[tuple[str, int], tuple[str | None, int]]:
    """What stands in the sheet: code and version by child and day of the month."""
    return {
        (child["student_id"], day): (code, version)
        for child in (await sheet(school))["children"]
        for day, code, version in child["cells"]
    }


async def count(school: School, month: str = MONTH, headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await school.service.client.get(
        f"/organizations/{school.organization_id}/daycare-count",
        params={"month": month},
        headers=headers or school.admin,
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where what is wrong."""
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
