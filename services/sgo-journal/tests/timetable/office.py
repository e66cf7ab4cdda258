"""The office of a school that plans: its year, journals, drafts, publications."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.core import GradeCalendar
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.runs import RunExecutor

from ..factories import SEPTEMBER, YEAR, School, group, hear, movement, placement, profile

JUNE = date(2027, 6, 1)


@dataclass(eq=False)
class Office:
    """Whoever plans lessons of a school; ``keys`` are of one account, which sees the runs it started."""

    school: School
    keys: dict[str, str]

    @classmethod
    async def of(cls, school: School, *grades: GradeCalendar, today: date = date(2026, 8, 25)) -> "Office":
        """The school with calendar and bells, on a day."""
        await school.set_year(*grades)
        office = cls(school, school.admin)
        office.stand_at(today)
        return office

    def stand_at(self, today: date, hour: int = 9) -> None:
        """Let it be a day, at an hour of UTC: at the fourth no lesson has begun, at the ninth the first four are over."""
        at = datetime(today.year, today.month, today.day, hour, tzinfo=UTC)
        self.school.service.runtime.clock = FixedClock(at)

    async def another_class(self, name: str = "1 «Б»") -> UUID:
        """A second class of the school."""
        group_id = new_id()
        await hear(self.school.service, group(group_id, self.school.organization_id, name))
        return group_id

    async def call(self, method: str, path: str, version: int | None = None, **body: Any) -> httpx.Response:
        """A call as the administrator."""
        headers = {**self.keys, **({} if version is None else {"If-Match": f'"{version}"'})}
        return await self.school.service.client.request(method, path, json=body or None, headers=headers)

    async def draft(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A draft with lines; as it is after."""
        body = {"academic_year": YEAR, "title": "Основное", "valid_from": SEPTEMBER.isoformat(), **more}
        made = await self.call("POST", f"/organizations/{self.school.organization_id}/timetables", **body)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        if lines:
            put = await self.call("POST", f"/timetables/{found['id']}/lines", found["version"], put=list(lines))
            assert put.status_code == 200, put.text
            found = put.json()
        return found

    async def publish(self, timetable: dict[str, Any], since: date = SEPTEMBER) -> dict[str, Any]:
        """Publish a draft; the run afterwards."""
        path = f"/timetables/{timetable['id']}/publication"
        queued = await self.call("POST", path, timetable["version"], valid_from=since.isoformat())
        assert queued.status_code == 202, queued.text
        executor = RunExecutor(self.school.service.runtime, self.school.service.definition.runs)
        task = asyncio.create_task(executor.run())
        try:
            while True:
                run: dict[str, Any] = (await self.call("GET", f"/runs/{queued.json()['id']}")).json()
                if run["status"] not in {"queued", "running"}:
                    return run
                await asyncio.sleep(0.02)
        finally:
            executor.stop()
            await task

    async def published(self, *lines: dict[str, Any], since: date = SEPTEMBER, **more: Any) -> dict[str, Any]:
        """The result of a publication that succeeded."""
        run = await self.publish(await self.draft(*lines, **{"valid_from": since.isoformat(), **more}), since)
        assert run["status"] == "succeeded", run
        result: dict[str, Any] = run["result"]
        return result

    async def view(self, on: date, span: str = "week", **wanted: Any) -> dict[str, Any]:
        """The timetable as the office sees it."""
        params = {"date": on.isoformat(), "span": span, **{name: str(value) for name, value in wanted.items()}}
        answer = await self.school.service.client.get(
            f"/organizations/{self.school.organization_id}/timetable", params=params, headers=self.keys
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def lessons(self, on: date, span: str = "week", **wanted: Any) -> list[dict[str, Any]]:
        """Lessons of a view, in order."""
        return [lesson for day in (await self.view(on, span, **wanted))["days"] for lesson in day["lessons"]]


def line(journal_id: UUID, weekday: int = 1, number: int = 1, **more: Any) -> dict[str, Any]:
    told = {name: str(value) if isinstance(value, UUID) else value for name, value in more.items()}
    return {"journal_id": str(journal_id), "weekday": weekday, "number": number, **told}


async def into(school: School, group_id: UUID, last_name: str) -> UUID:
    """A student of another class of the school."""
    student_id = new_id()
    opened = placement(school.organization_id, group_id)
    await hear(school.service, profile(student_id, last_name), movement(student_id, SEPTEMBER, opened=opened))
    return student_id
