"""A week of lessons in one school: the administrator sets them, each teacher records marks and attendance."""

import asyncio
import time
from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from demodata.journey.client import eventually
from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.sessions import Account
from demodata.journey.steps import Step
from demodata.journey.world import World

_NOT_YET = frozenset({404, 422})
_PRECONDITION_FAILED = 412
_PRIMARY = ("Русский язык", "Математика", "Литературное чтение", "Окружающий мир", "Физическая культура", "Музыка")
_MIDDLE = ("Русский язык", "Алгебра", "Литература", "История", "Биология", "География", "Физика", "Иностранный язык")
_TOPICS = (
    "Повторение изученного",
    "Новый материал",
    "Практическая работа",
    "Контрольная работа",
    "Работа над ошибками",
)
_DAYS = 5
_FIVE_POINT_SCALE, _UNMARKED_SCALE = 1, 3
_PATIENCE = 60.0
_PRIMARY_LESSONS, _MIDDLE_LESSONS = 4, 6
_LAST_PRIMARY_GRADE = 4
_ABSENT_SHARE, _MARKED_SHARE = 0.06, 0.2
_MARKS, _MARK_WEIGHTS = ("5", "4", "3", "2"), (35, 40, 21, 4)


class LessonWeek:
    """The recorded week of the demo school."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._school = world.demo_school
        self.monday = date.fromisoformat(world.region["lesson_week"])
        self._rosters: dict[str, list[str]] = {}
        # The first grade is taught without marks.
        self._unmarked = {world.group_ids[group["key"]] for group in self._school["groups"] if group["grade"] == 1}

    async def record(self) -> None:
        """Set the week's lessons and fill every one of them in."""
        world = self._world
        plans = self._timetable()
        with world.steps.step("lessons", "Уроки недели: расписание", len(plans)) as step:
            await self._let_write()
            lessons: list[tuple[dict[str, Any], str]] = []
            for group_id, planned in _by_group(plans).items():
                lessons += await self._set(group_id, planned)
                step.advance(len(planned))
        marks = absences = 0
        with world.steps.step("marks", "Отметки и посещаемость", len(lessons)) as step:

            async def fill(entry: tuple[dict[str, Any], str]) -> None:
                nonlocal marks, absences
                lesson, login = entry
                entries = self._entries(lesson)
                await self._save(lesson, world.people[login], entries)
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

    async def _let_write(self) -> None:
        """The recorded week may be over for longer than teachers usually have."""
        organization_id = self._world.organization_ids[self._school["key"]]
        path = f"/api/journal/v1/organizations/{organization_id}/journal-settings"
        body = {"edit_days": None, "class_teacher_writes": False}
        admin = self._world.admin(self._school["key"])
        try:
            await self._world.api.call("PUT", path, admin, json=body, headers={"If-Match": '"0"'})
        except ApiError as error:
            if error.status != _PRECONDITION_FAILED:  # it was changed, only the answer was lost
                raise

    async def _set(self, group_id: str, planned: list[tuple[dict[str, Any], str]]) -> list[tuple[dict[str, Any], str]]:
        """Set a class's lessons; each as the journal keeps it, with the login of who teaches it."""
        world, admin = self._world, self._world.admin(self._school["key"])
        path = f"/api/journal/v1/organizations/{world.organization_ids[self._school['key']]}/lessons"
        journals = await self._journals(group_id, {lesson["subject"] for lesson, _ in planned})
        body = {"lessons": [_lesson(lesson, journals[lesson["subject"]]) for lesson, _ in planned]}
        try:
            await eventually(partial(world.api.post, path, admin, body), statuses=_NOT_YET)
        except ApiError as error:
            if error.code != "lessons.slot-taken":  # they were set, only the answer was lost
                raise
        roster = await world.api.get(f"/api/journal/v1/groups/{group_id}/roster", admin, date=self.monday.isoformat())
        self._rosters[group_id] = [student["student_id"] for student in roster["students"]]
        teachers = {(lesson["date"], lesson["number"]): login for lesson, login in planned}
        week = {"from": self.monday.isoformat(), "to": (self.monday + timedelta(days=_DAYS - 1)).isoformat()}
        kept = world.api.pages("/api/journal/v1/lessons", admin, learners_id=group_id, **week)
        return [(lesson, teachers[lesson["date"], lesson["number"]]) async for lesson in kept]

    async def _journals(self, group_id: str, subjects: set[str]) -> dict[str, str]:
        """Journals of a class by subject, opened where they are missing."""
        world, admin = self._world, self._world.admin(self._school["key"])
        path = f"/api/journal/v1/organizations/{world.organization_ids[self._school['key']]}/journals"
        for subject in sorted(subjects):
            scale = _UNMARKED_SCALE if group_id in self._unmarked else _FIVE_POINT_SCALE
            body = {"learners_id": group_id, "title": subject, "scale_id": scale}
            try:
                await eventually(partial(world.api.post, path, admin, body), statuses=_NOT_YET)
            except ApiError as error:
                if error.code != "journal.exists":
                    raise
        return {one["title"]: one["id"] async for one in world.api.pages(path, admin, learners_id=group_id)}

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
        until = (self.monday + timedelta(days=_DAYS - 1)).isoformat()
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

    def _timetable(self) -> list[tuple[dict[str, Any], str]]:
        """Lessons of the week with the login of who teaches each.

        There is a teacher per class. A primary class has its own for everything; in the others teachers change every
        hour, shifted by class, so that nobody is in two rooms at once.
        """
        world, teachers = self._world, self._world.teacher_ids
        classes = self._school["groups"]
        older = [i for i, group in enumerate(classes) if group["grade"] > _LAST_PRIMARY_GRADE]
        plans = []
        for i, group in enumerate(classes):
            primary = group["grade"] <= _LAST_PRIMARY_GRADE
            for day in range(_DAYS):
                for number in range(1, (_PRIMARY_LESSONS if primary else _MIDDLE_LESSONS) + 1):
                    hour = day * _MIDDLE_LESSONS + number
                    teacher = i if primary else older[(older.index(i) + hour) % len(older)]
                    login, worker_id = teachers[teacher]
                    subjects = _PRIMARY if primary else _MIDDLE
                    lesson = {
                        "group_id": world.group_ids[group["key"]],
                        "date": (self.monday + timedelta(days=day)).isoformat(),
                        "number": number,
                        "subject": subjects[(hour if primary else teacher) % len(subjects)],
                        "teacher_id": worker_id,
                    }
                    plans.append((lesson, login))
        return plans

    def _entries(self, lesson: dict[str, Any]) -> dict[str, Any]:
        """What a teacher writes after a lesson."""
        moment = f"{self._world.region['seed']}:{lesson['learners_id']}:{lesson['date']}:{lesson['number']}"
        rng = Random(moment)  # noqa: S311 - fictional marks
        roster = self._rosters[lesson["learners_id"]]
        absent = {student for student in roster if rng.random() < _ABSENT_SHARE}
        return {
            "topic": rng.choice(_TOPICS),
            "homework": f"§ {rng.randrange(1, 60)}, № {rng.randrange(1, 300)}",
            "attendance": [{**_cell(lesson, student), "code": "absent"} for student in sorted(absent)],
            "marks": [
                {**_cell(lesson, student), "value": rng.choices(_MARKS, _MARK_WEIGHTS)[0]}
                for student in roster
                if lesson["learners_id"] not in self._unmarked
                and student not in absent
                and rng.random() < _MARKED_SHARE
            ],
        }


def _lesson(planned: dict[str, Any], journal_id: str) -> dict[str, Any]:
    return {"journal_id": journal_id, **{name: planned[name] for name in ("date", "number", "teacher_id")}}


def _cell(lesson: dict[str, Any], student_id: str) -> dict[str, Any]:
    return {"lesson_id": lesson["id"], "student_id": student_id, "version": 0}


def _by_group(plans: list[tuple[dict[str, Any], str]]) -> dict[str, list[tuple[dict[str, Any], str]]]:
    grouped: dict[str, list[tuple[dict[str, Any], str]]] = defaultdict(list)
    for lesson, login in plans:
        grouped[lesson["group_id"]].append((lesson, login))
    return grouped
