"""The timetable of the demo school: a weekly template, published from its next day of study to the end of the year."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from demodata.dates import business_today
from demodata.journey.calendars import first_study_day
from demodata.journey.client import eventually
from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.lessons import LessonWeek
from demodata.journey.sessions import Account
from demodata.journey.week import DAYS
from demodata.journey.world import World

_AT_ONCE = 500
_PRECONDITION_FAILED = 412
_NOT_YET = frozenset({404, 409, 422})
_SETTLING = 60.0


async def publish(world: World, week: LessonWeek) -> None:
    """Publish the week of the school; nothing where the school year is over on the day that it is."""
    key = world.demo_school["key"]
    admin = world.admin(key)
    with world.steps.step("timetable", "Расписание школы: черновик, публикация") as step:
        after = max(business_today(), week.monday + timedelta(days=DAYS))
        since = await first_study_day(world, admin, key, week.oldest_grade, after)
        if since is None:
            step.note = "учебный год окончен: публиковать нечего"
            world.summary["timetable"] = None
            return
        timetable = await _draft(world, admin, week, since)
        await eventually(partial(_judge, world, admin, timetable["id"]), statuses=_NOT_YET, seconds=_SETTLING)
        path = f"/api/journal/v1/timetables/{timetable['id']}/publication"
        headers = {"If-Match": f'"{timetable["version"]}"'}
        queued = await world.api.call("POST", path, admin, json={"valid_from": since.isoformat()}, headers=headers)
        result = await world.api.finish("journal", queued.json(), admin)
        organization = f"/api/journal/v1/organizations/{world.organization_ids[key]}"
        view = {"date": since.isoformat(), "learners_id": world.group_ids[world.demo_school["groups"][-1]["key"]]}
        world.look("Администратор школы: неделя класса", admin.login, f"{organization}/timetable", span="week", **view)
        step.note = f"строк {len(week.hours)}, уроков с {since:%d.%m.%Y} {result['created']}"
        world.summary["timetable"] = {"from": since.isoformat(), "lines": len(week.hours), "lessons": result["created"]}


async def _draft(world: World, admin: Account, week: LessonWeek, since: date) -> dict[str, Any]:
    body = {
        "academic_year": world.region["academic_year"],
        "title": "Основное расписание",
        "valid_from": since.isoformat(),
    }
    path = f"/api/journal/v1/organizations/{world.organization_ids[world.demo_school['key']]}/timetables"
    made: dict[str, Any] = await eventually(partial(world.api.post, path, admin, body), statuses=_NOT_YET)
    lines = [
        {
            "journal_id": week.journal_of(hour),
            "weekday": hour.weekday,
            "number": hour.number,
            "teacher_id": world.teacher_ids[hour.teacher][1],
        }
        for hour in week.hours
    ]
    for begin in range(0, len(lines), _AT_ONCE):
        made = await _put(world, admin, made, lines[begin : begin + _AT_ONCE])
    return made


async def _put(world: World, admin: Account, made: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    path = f"/api/journal/v1/timetables/{made['id']}"
    headers = {"If-Match": f'"{made["version"]}"'}
    try:
        answer = await world.api.call("POST", f"{path}/lines", admin, json={"put": lines}, headers=headers)
    except ApiError as error:
        if error.status != _PRECONDITION_FAILED:  # they were put in, only the answer was lost
            raise
        answer = await world.api.call("GET", path, admin)
    found: dict[str, Any] = answer.json()
    return found


async def _judge(world: World, admin: Account, timetable_id: str) -> None:
    """Raise ``JourneyError`` if something keeps the timetable from being published."""
    found = await world.api.get(f"/api/journal/v1/timetables/{timetable_id}/conflicts", admin)
    if found["blocking"]:
        raise JourneyError(f"Расписание нельзя опубликовать: {found['items'][0]['title']}")
