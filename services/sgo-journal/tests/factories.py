"""A school as the journal hears of it, and its people as callers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role
from asu_contracts.base import Event
from asu_contracts.core import (
    GradeCalendar,
    Placement,
    TeachingGroupKind,
)
from asu_contracts.journal import OutwardExchangeRecorded
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_journal.journals.model import journal_id

from .told import (
    HOLIDAYS,
    KRASNODAR,
    MONDAY,
    QUARTERS,
    SEPTEMBER,
    SOCHI,
    YEAR,
    bells,
    building,
    calendar,
    entry,
    group,
    group_teacher,
    guardianship,
    hear,
    load,
    member,
    movement,
    organization,
    placement,
    profile,
    quarters,
    room,
    study_form,
    subject,
    teaching_group,
    worker,
)

__all__ = [
    "HOLIDAYS",
    "KRASNODAR",
    "MONDAY",
    "QUARTERS",
    "SEPTEMBER",
    "SOCHI",
    "YEAR",
    "School",
    "audited",
    "bells",
    "building",
    "calendar",
    "child_of",
    "entry",
    "group",
    "group_teacher",
    "guardianship",
    "hear",
    "load",
    "mark",
    "member",
    "movement",
    "noted",
    "organization",
    "placement",
    "profile",
    "quarters",
    "room",
    "study_form",
    "subject",
    "teaching_group",
    "worker",
]


@dataclass(eq=False)
class School:
    """One school with one class, its administrator and a teacher."""

    service: ServiceUnderTest
    organization_id: UUID = field(default_factory=new_id)
    group_id: UUID = field(default_factory=new_id)
    teacher_id: UUID = field(default_factory=new_id)
    municipality: str = KRASNODAR
    founder_id: UUID | None = None
    placements: dict[UUID, Placement] = field(default_factory=dict)
    _journal_id: UUID | None = None

    async def open(self) -> "School":
        """Let the journal hear of the school and its class."""
        await hear(
            self.service,
            organization(self.organization_id, self.municipality, self.founder_id),
            group(self.group_id, self.organization_id),
            *(
                entry(code, title, organization_id=self.organization_id)
                for code, title in (
                    ("answer", "Ответ на уроке"),
                    ("test", "Проверочная работа"),
                    ("control", "Контрольная работа"),
                )
            ),
        )
        return self

    async def enrol(self, *last_names: str, on: date = SEPTEMBER) -> list[UUID]:
        """Enrol students into the class; their ids in the given order."""
        students = [new_id() for _ in last_names]
        events: list[Event] = []
        for student_id, last_name in zip(students, last_names, strict=True):
            self.placements[student_id] = placement(self.organization_id, self.group_id)
            events += [
                profile(student_id, last_name),
                movement(student_id, on, opened=self.placements[student_id]),
            ]
        await hear(self.service, *events)
        return students

    async def depart(self, student_id: UUID, on: date) -> None:
        """Let a student leave the class."""
        await hear(self.service, movement(student_id, on, closed=self.placements[student_id]))

    async def add_subject(self, title: str = "Окружающий мир") -> UUID:
        """Let the journal hear of a subject."""
        told = subject(title)
        await hear(self.service, told)
        return told.subject_id

    async def add_room(self, number: str = "21", **more: Any) -> UUID:
        """Let the journal hear of a room."""
        told = room(self.organization_id, number, **more)
        await hear(self.service, told)
        return told.room_id

    async def set_year(self, *grades: GradeCalendar) -> None:
        """Let the journal hear of the school's calendar and of the lesson times of its first shift."""
        await hear(self.service, calendar(self.organization_id, *grades), bells(self.organization_id))

    async def hire(self, last_name: str, worker_id: UUID | None = None) -> UUID:
        """Let the journal hear of a teacher of the school."""
        worker_id = worker_id or new_id()
        await hear(self.service, worker(worker_id, last_name, self.organization_id))
        return worker_id

    async def appoint(self, worker_id: UUID, since: date = SEPTEMBER, until: date | None = None) -> None:
        """Let a worker lead the class."""
        await hear(
            self.service, group_teacher(self.group_id, worker_id, self.organization_id, since=since, until=until)
        )

    async def divide(self, *subgroups: Sequence[UUID], since: date = SEPTEMBER) -> list[UUID]:
        """Divide students of the class into subgroups; ids of the subgroups in the given order."""
        division_id = new_id()
        told = [
            teaching_group(
                self.organization_id,
                *(member(student_id, since) for student_id in students),
                kind=TeachingGroupKind.SUBGROUP,
                name=f"{number} подгруппа",
                division_id=division_id,
                group_id=self.group_id,
                grade_from=5,
                grade_to=5,
            )
            for number, students in enumerate(subgroups, 1)
        ]
        await hear(self.service, *told)
        return [one.teaching_group_id for one in told]

    async def gather(
        self, *students: UUID, kind: TeachingGroupKind = TeachingGroupKind.ELECTIVE, name: str = "Астрономия"
    ) -> UUID:
        """Gather students into a group across classes."""
        told = teaching_group(self.organization_id, *(member(one) for one in students), kind=kind, name=name)
        await hear(self.service, told)
        return told.teaching_group_id

    def headers(self, role: Role, person_id: UUID | None = None) -> dict[str, str]:
        """Token of a position in the school, or of a guardian or student."""
        if role in {Role.GUARDIAN, Role.STUDENT}:
            return self.service.tokens.headers(role, person_id=person_id)
        unit = {"municipality": self.municipality, "organization_id": self.organization_id}
        return self.service.tokens.headers(role, **unit, account_id=person_id, person_id=person_id)

    @property
    def admin(self) -> dict[str, str]:
        return self.headers(Role.ORGANIZATION_ADMIN)

    @property
    def teacher(self) -> dict[str, str]:
        return self.headers(Role.TEACHER, self.teacher_id)

    async def teach(
        self,
        title: str = "Окружающий мир",
        *,
        teacher_id: UUID | None = None,
        subject_id: UUID | None = None,
        learners_id: UUID | None = None,
        of_teaching_group: bool = False,
        since: date = SEPTEMBER,
        until: date = date(YEAR + 1, 6, 1),
    ) -> UUID:
        """Let the journal hear who teaches a subject to the class (the school's teacher, unless told otherwise); the journal's id."""
        subject_id = subject_id or await self.add_subject(title)
        told = load(
            self.organization_id,
            learners_id or self.group_id,
            subject_id,
            teacher_id or self.teacher_id,
            of_teaching_group=of_teaching_group,
            since=since,
            until=until,
        )
        await hear(self.service, told)
        return journal_id(YEAR, learners_id or self.group_id, subject_id)

    async def journal(self) -> UUID:
        """Journal of the class that most tests write in, with the school's teacher."""
        if self._journal_id is None:
            self._journal_id = await self.teach()
        return self._journal_id

    async def planned(self, on: date = MONDAY, number: int = 1, **more: Any) -> dict[str, Any]:
        """A lesson to be set."""
        journal = more.pop("journal_id", None) or await self.journal()
        planned = {"journal_id": str(journal), "date": on.isoformat(), "number": number}
        return {**planned, "teacher_id": str(self.teacher_id), **more}

    async def set_lessons(self, *planned: dict[str, Any]) -> list[dict[str, Any]]:
        """Set lessons as the administrator."""
        answer = await self.service.client.post(
            f"/organizations/{self.organization_id}/lessons", json={"lessons": planned}, headers=self.admin
        )
        assert answer.status_code == 201, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def lesson(self, on: date = MONDAY, number: int = 1, **more: Any) -> str:
        """Id of a lesson set for the teacher."""
        [lesson] = await self.set_lessons(await self.planned(on, number, **more))
        return str(lesson["id"])

    async def give(self, lesson_id: str, text: str) -> None:
        """Give homework at a lesson to all, as the administrator."""
        answer = await self.service.client.post(
            f"/lessons/{lesson_id}/homework", json={"text": text}, headers=self.admin
        )
        assert answer.status_code == 201, answer.text

    async def save(
        self,
        *marks: dict[str, Any],
        attendance: Sequence[dict[str, Any]] = (),
        headers: dict[str, str] | None = None,
        journal_id: UUID | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Save cells of a journal, as its teacher unless told otherwise."""
        return await self.service.client.post(
            f"/journals/{journal_id or await self.journal()}/cells",
            json={"marks": list(marks), "attendance": list(attendance), **more},
            headers=headers or self.teacher,
        )

    async def page(
        self,
        since: date = MONDAY,
        until: date | None = None,
        *,
        headers: dict[str, str] | None = None,
        journal_id: UUID | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A page of a journal, of one day unless told otherwise."""
        answer = await self.service.client.get(
            f"/journals/{journal_id or await self.journal()}/page",
            params={"from": since.isoformat(), "to": (until or since).isoformat(), **more},
            headers=headers or self.teacher,
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def marks(self, since: date = MONDAY, until: date | None = None, **more: Any) -> dict[tuple[str, str], Any]:
        """What stands on a page: value and version by lesson and student."""
        page = await self.page(since, until, **more)
        return {
            (page["lessons"][cell[0]]["id"], student["id"]): (cell[1], cell[2] if len(cell) > 2 else 1)
            for student, row in zip(page["students"], page["marks"], strict=True)
            for cell in row
        }

    async def roster(self, on: date) -> list[dict[str, Any]]:
        """The class on a date, as its administrator sees it."""
        answer = await self.service.client.get(
            f"/groups/{self.group_id}/roster", params={"date": on.isoformat()}, headers=self.admin
        )
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["students"]
        return found


def mark(lesson_id: str, student_id: UUID, value: str | None, version: int = 0, **more: Any) -> dict[str, Any]:
    return {"lesson_id": lesson_id, "student_id": str(student_id), "value": value, "version": version, **more}


def noted(lesson_id: str, student_id: UUID, code: str | None, version: int = 0) -> dict[str, Any]:
    return {"lesson_id": lesson_id, "student_id": str(student_id), "code": code, "version": version}


async def child_of(school: School, person_id: UUID, *, itself: bool = False) -> UUID:
    """A student of the school: a child of the person, or the person."""
    if itself:
        placed = placement(school.organization_id, school.group_id)
        await hear(school.service, profile(person_id, "Образцова"), movement(person_id, SEPTEMBER, opened=placed))
        return person_id
    [student] = await school.enrol("Образцова")
    await hear(school.service, guardianship(person_id, student))
    return student


async def left(school: School) -> list[OutwardExchangeRecorded]:
    """What left the journal for the outside, as it was told."""
    rows = await school.service.fetch(
        f"SELECT payload FROM outbox WHERE type = '{OutwardExchangeRecorded.type}' ORDER BY id"
    )
    return [OutwardExchangeRecorded.model_validate_json(row["payload"]) for row in rows]


async def audited(school: School) -> list[tuple[str, str, list[UUID]]]:
    connection = await school.service.database.connect()
    rows = await connection.fetch("SELECT role, action, subjects FROM audit ORDER BY id")
    await connection.close()
    return [(row["role"], row["action"], row["subjects"]) for row in rows]
