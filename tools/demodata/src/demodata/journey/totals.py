"""Marks of a period: the journal suggests them of what was marked, the teacher confirms those that the marks bear."""

from datetime import timedelta
from typing import Any

from demodata.journey.client import eventually
from demodata.journey.errors import JourneyError
from demodata.journey.lessons import LessonWeek
from demodata.journey.week import DAYS
from demodata.journey.world import World

_NO_CALENDAR_YET = frozenset({409})
_MARKS = frozenset({"2", "3", "4", "5"})


async def confirm(world: World, week: LessonWeek) -> None:
    """Let the teacher who asked the oldest class so often take the suggested marks of the running period."""
    teacher = world.people[world.teacher_ids[week.asked.teacher][0]]
    journal = f"/api/journal/v1/journals/{week.journal_of(week.asked)}"
    path, day = f"{journal}/totals", week.monday.isoformat()
    with world.steps.step("totals", "Отметки за период: предложены журналом, выставлены учителем") as step:

        async def columns() -> Any:
            return await world.api.get(path, teacher)

        page = await eventually(columns, statuses=_NO_CALENDAR_YET)
        spans = [one for one in page["spans"] if one["kind"] == "period" and day <= one["last_day"]]
        if not spans:
            raise JourneyError("В календаре нет периода, в котором идут уроки")
        place = {"kind": "period", "period": spans[0]["period"]}
        students = (await world.api.get(f"{path}/suggestions", teacher, **place))["students"]
        borne = [one for one in students if one["value"] in _MARKS]
        chosen = [{"student_id": one["student_id"], "value": one["value"], "version": 0, **place} for one in borne]
        if chosen:
            await world.api.post(path, teacher, {"totals": chosen})
        page = await world.api.get(path, teacher)
        stand = sum(len(one["totals"]) for one in page["students"])
        step.note = f"{page['title']}, {spans[0]['title']}: учеников {len(students)}, выставлено {stand}"
    lessons = {"from": day, "to": (week.monday + timedelta(days=DAYS - 1)).isoformat()}
    world.look("Учитель: страница журнала", teacher.login, f"{journal}/page", **lessons)
    world.look(
        "Учитель: из чего следует каждая отметка за период", teacher.login, f"{journal}/totals/suggestions", **place
    )
    world.summary["totals"] = {
        "teacher": teacher.login,
        "subject": page["title"],
        "period": spans[0]["title"],
        "students": len(students),
        "suggested": len(borne),
        "confirmed": stand,
    }
