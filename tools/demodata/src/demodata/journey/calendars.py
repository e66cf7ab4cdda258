"""When there are lessons: the region's periods and vacations, the schools' lesson times. The journal counts nothing without them."""

from datetime import date, timedelta
from typing import Any

from demodata.journey.sessions import Account
from demodata.journey.week import LONGEST_DAY
from demodata.journey.world import World

_LESSON, _BREAK, _LONG_BREAK = 40, 10, 20
_LONG_BREAKS_AFTER = (2, 3)
_FIRST_LESSON = 8 * 60


async def enter(world: World, region_admin: Account) -> None:
    """The region administrator enters the calendar of the school year, each school's administrator its lesson times."""
    sets = world.region["calendar"]
    schools = [one for one in world.organizations if one["kind"] == "school"]
    with world.steps.step("calendar", "Учебный календарь региона и звонки школ", len(sets) + len(schools)) as step:
        for dates in sets:
            body = {"academic_year": world.region["academic_year"], "reason": "Учебный календарь", **dates}
            await world.api.post("/api/core/v1/calendar/sets", region_admin, body)
            step.advance()

        async def enter_bells(school: dict[str, Any]) -> None:
            path = f"/api/core/v1/organizations/{world.organization_ids[school['key']]}"
            admin = world.admin(school["key"])
            lessons = bells()
            shift = {"number": 1, "starts_at": lessons[0]["starts_at"], "ends_at": lessons[-1]["ends_at"]}
            await world.api.post(f"{path}/shifts", admin, shift)
            times = {"title": "Звонки", "shift": 1, "weekdays": [1, 2, 3, 4, 5, 6], "lessons": lessons}
            since = f"{world.region['academic_year']}-09-01"
            await world.api.post(f"{path}/bell-schedules", admin, {**times, "valid_from": since})
            step.advance()

        await world.api.each(schools, enter_bells)


def bells() -> list[dict[str, Any]]:
    """Lesson times of a day, to which sanitary rules have no remarks in any grade."""
    lessons, at = [], _FIRST_LESSON
    for number in range(1, LONGEST_DAY + 1):
        lessons.append({"number": number, "starts_at": _clock(at), "ends_at": _clock(at + _LESSON)})
        at += _LESSON + (_LONG_BREAK if number in _LONG_BREAKS_AFTER else _BREAK)
    return lessons


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


async def study_days(
    world: World, by: Account, organization_key: str, grade: int, first: date, last: date
) -> list[date]:
    """Days of study of an interval, both ends included, by the calendar in force; grade 0: of preschool groups."""
    asked = {"organization_id": world.organization_ids[organization_key], "grade": grade}
    interval = {"first": first.isoformat(), "last": last.isoformat()}
    found = await world.api.get("/api/core/v1/calendar/days", by, **asked, **interval)
    return [date.fromisoformat(one["day"]) for one in found["items"] if one["study"]]


async def first_study_day(world: World, by: Account, organization_key: str, grade: int, since: date) -> date | None:
    """The first day of study from a day on within a season; none where the school year is over."""
    found = await study_days(world, by, organization_key, grade, since, since + timedelta(days=60))
    return found[0] if found else None
