"""A week of lessons in one school: the administrator sets them, each teacher records marks and attendance."""

import asyncio
import time
from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from demodata.journey import week
from demodata.journey.calendars import study_days
from demodata.journey.client import eventually
from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.sessions import Account
from demodata.journey.setup import let_write
from demodata.journey.steps import Step
from demodata.journey.week import Hour
from demodata.journey.world import World

_NOT_YET = frozenset({404, 422})
_PRECONDITION_FAILED = 412
_TOPICS = (
    "Повторение изученного",
    "Новый материал",
    "Практическая работа",
    "Контрольная работа",
    "Работа над ошибками",
)
_PATIENCE = 60.0
_AT_ONCE = 500
_ABSENT_SHARE, _MARKED_SHARE, _ASKED_SHARE = 0.06, 0.2, 0.8
_MARKS, _MARK_WEIGHTS = ("5", "4", "3", "2"), (35, 40, 21, 4)


class LessonWeek:
    """The recorded week of the demo school."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._school = world.demo_school
        self._path = f"organizations/{world.organization_ids[self._school['key']]}"
        self.monday = date.fromisoformat(world.region["lesson_week"])
        self.hours = list(week.hours(self._school["groups"]))
        self.journals: dict[tuple[str, str], str] = {}
        """Ids by class and code of the subject."""
        self._rosters: dict[str, list[str]] = {}
        # The first grade is taught without marks.
        self._unmarked = {world.group_ids[group["key"]] for group in self._school["groups"] if group["grade"] == 1}

    @property
    def asked(self) -> Hour:
        """An hour of the subject in which the oldest class is asked so often that a mark of the period follows from its marks."""
        oldest = [hour for hour in self.hours if hour.group == self._school["groups"][-1]["key"]]
        [((_, subject, teacher), _)] = week.loads(oldest).most_common(1)
        return next(hour for hour in oldest if (hour.subject, hour.teacher) == (subject, teacher))

    @property
    def oldest_grade(self) -> int:
        """The grade of the oldest class."""
        grade: int = self._school["groups"][-1]["grade"]
        return grade

    async def distribute(self) -> None:
        """Give the teachers their hours: the journals open by themselves."""
        world, admin = self._world, self._world.admin(self._school["key"])
        subjects = {one["code"]: one["id"] async for one in world.api.pages("/api/core/v1/subjects", admin)}
        lines = [
            {
                "group_id": world.group_ids[group],
                "subject_id": subjects[subject],
                "worker_id": world.teacher_ids[teacher][1],
                "hours_week": count,
            }
            for (group, subject, teacher), count in week.loads(self.hours).items()
        ]
        wanted = {(hour.group, hour.subject) for hour in self.hours}
        with world.steps.step("loads", "Учебная нагрузка учителей: журналы", len(wanted)) as step:
            year = world.region["academic_year"]
            for begin in range(0, len(lines), _AT_ONCE):
                body = {"academic_year": year, "loads": lines[begin : begin + _AT_ONCE]}
                await world.api.post(f"/api/core/v1/{self._path}/loads", admin, body)
            places = {(world.group_ids[group], subjects[subject]): (group, subject) for group, subject in wanted}
            deadline = time.monotonic() + _PATIENCE
            while len(self.journals) < len(wanted):
                if time.monotonic() > deadline:
                    raise JourneyError(f"Журналов открылось {len(self.journals)} из {len(wanted)}")
                async for one in world.api.pages(f"/api/journal/v1/{self._path}/journals", admin, academic_year=year):
                    if (place := places.get((one["learners_id"], one["subject_id"]))) is not None:
                        self.journals[place] = one["id"]
                step.at(len(self.journals))
                await asyncio.sleep(0.3)

    async def record(self) -> None:
        """Set the week's lessons and fill every one of them in."""
        world, admin = self._world, self._world.admin(self._school["key"])
        last = min(self.monday + timedelta(days=week.DAYS - 1), world.as_of)
        days = await study_days(world, admin, self._school["key"], self.oldest_grade, self.monday, last)
        planned: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for hour in self.hours:
            if (day := self.monday + timedelta(days=hour.weekday - 1)) in days:
                planned[hour.group].append(self._lesson(hour, day))
        with world.steps.step("lessons", "Уроки недели", sum(map(len, planned.values()))) as step:
            await let_write(world, self._school["key"])
            lessons: list[dict[str, Any]] = []
            for group, of_group in planned.items():
                lessons += await self._set(world.group_ids[group], of_group)
                step.advance(len(of_group))
        marks = absences = 0
        logins = {worker_id: login for login, worker_id in world.teacher_ids}
        with world.steps.step("marks", "Отметки и посещаемость", len(lessons)) as step:

            async def fill(lesson: dict[str, Any]) -> None:
                nonlocal marks, absences
                entries = self._entries(lesson)
                await self._save(lesson, world.people[logins[lesson["teacher_id"]]], entries)
                marks += len(entries["marks"])
                absences += len(entries["attendance"])
                step.advance()

            await world.api.each(lessons, fill)
        told = {"lessons": len(lessons), "marks": marks, "absences": absences}
        with world.steps.step("lessons_counted", "Уроки дошли до отчётности", len(lessons)) as step:
            await self._until_counted(told, step)
        world.summary["lessons"] = {
            "school": self._school["short_name"],
            "week": self.monday.isoformat(),
            **told,
        }

    def _lesson(self, hour: Hour, day: date) -> dict[str, Any]:
        return {
            "journal_id": self.journals[hour.group, hour.subject],
            "date": day.isoformat(),
            "number": hour.number,
            "teacher_id": self._world.teacher_ids[hour.teacher][1],
        }

    async def _set(self, group_id: str, planned: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Set a class's lessons; they as the journal keeps them."""
        world, admin = self._world, self._world.admin(self._school["key"])
        set_lessons = partial(world.api.post, f"/api/journal/v1/{self._path}/lessons", admin, {"lessons": planned})
        try:
            await eventually(set_lessons, statuses=_NOT_YET)
        except ApiError as error:
            if error.code != "lessons.slot-taken":  # they were set, only the answer was lost
                raise
        roster = await world.api.get(f"/api/journal/v1/groups/{group_id}/roster", admin, date=planned[0]["date"])
        self._rosters[group_id] = [student["student_id"] for student in roster["students"]]
        interval = {"from": planned[0]["date"], "to": planned[-1]["date"]}
        kept = world.api.pages("/api/journal/v1/lessons", admin, learners_id=group_id, **interval)
        return [lesson async for lesson in kept]

    async def _save(self, lesson: dict[str, Any], teacher: Account, entries: dict[str, Any]) -> None:
        """Write a lesson down as its teacher. Sent again, the cells stand as they are; the rest was written then."""
        cells = {part: entries[part] for part in ("marks", "attendance")}
        if any(cells.values()):
            await self._world.api.post(f"/api/journal/v1/journals/{lesson['journal_id']}/cells", teacher, cells)
        path = f"/api/journal/v1/lessons/{lesson['id']}"
        if lesson["homework"] is None:
            homework, once = {"text": entries["homework"]}, {"Idempotency-Key": f"homework-{lesson['id']}"}
            await self._world.api.call("POST", f"{path}/homework", teacher, json=homework, headers=once)
        written = {"topic": entries["topic"], "attendance_checked": True}
        headers = {"If-Match": f'"{lesson["version"]}"'}
        try:
            await self._world.api.call("PATCH", path, teacher, json=written, headers=headers)
        except ApiError as error:
            if error.status != _PRECONDITION_FAILED:
                raise

    async def _until_counted(self, told: dict[str, int], step: Step) -> None:
        """Wait until reporting counts, from events, what the teachers wrote."""
        organization_id = self._world.organization_ids[self._school["key"]]
        until = (self.monday + timedelta(days=week.DAYS - 1)).isoformat()
        period = {"organization_id": organization_id, "from": self.monday.isoformat(), "to": until}
        admin = self._world.admin(self._school["key"])
        deadline = time.monotonic() + _PATIENCE
        while True:
            found = await self._world.api.get("/api/reporting/v1/lessons/summary", admin, **period)
            step.at(found["lessons"])
            if all(found[name] == count for name, count in told.items()):
                return
            if time.monotonic() > deadline:
                raise JourneyError(f"Уроки в отчётности расходятся: записано {told}, посчитано {found}")
            await asyncio.sleep(0.5)

    def _entries(self, lesson: dict[str, Any]) -> dict[str, Any]:
        """What a teacher writes after a lesson."""
        moment = f"{self._world.region['seed']}:{lesson['learners_id']}:{lesson['date']}:{lesson['number']}"
        rng = Random(moment)  # noqa: S311 - fictional marks
        roster = self._rosters[lesson["learners_id"]]
        absent = {student for student in roster if rng.random() < _ABSENT_SHARE}
        share = _ASKED_SHARE if lesson["journal_id"] == self.journal_of(self.asked) else _MARKED_SHARE
        return {
            "topic": rng.choice(_TOPICS),
            "homework": f"§ {rng.randrange(1, 60)}, № {rng.randrange(1, 300)}",
            "attendance": [{**_cell(lesson, student), "code": "absent"} for student in sorted(absent)],
            "marks": [
                {**_cell(lesson, student), "value": rng.choices(_MARKS, _MARK_WEIGHTS)[0]}
                for student in roster
                if lesson["learners_id"] not in self._unmarked and student not in absent and rng.random() < share
            ],
        }

    def journal_of(self, hour: Hour) -> str:
        """The id of the journal that an hour's lessons are in."""
        return self.journals[hour.group, hour.subject]


def _cell(lesson: dict[str, Any], student_id: str) -> dict[str, Any]:
    return {"lesson_id": lesson["id"], "student_id": student_id, "version": 0}
