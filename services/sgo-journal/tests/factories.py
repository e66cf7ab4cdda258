"""A school as the journal hears of it, and its people as callers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role
from asu_contracts.base import Event
from asu_contracts.core import (
    BellScheduleChanged,
    BuildingChanged,
    CalendarChanged,
    CalendarDates,
    GradeCalendar,
    GroupChanged,
    GroupKind,
    GroupTeacherChanged,
    GroupTeacherRole,
    GuardianshipChanged,
    LessonTime,
    LoadChanged,
    Locality,
    MovementKind,
    MovementRecorded,
    OrganizationChanged,
    OrganizationKind,
    Placement,
    ReferenceEntryChanged,
    RoomChanged,
    SpecialStudyDay,
    StudentProfiled,
    StudyFormChanged,
    StudyFormKind,
    StudyWeek,
    SubjectChanged,
    TeachingGroupChanged,
    TeachingGroupKind,
    TeachingGroupMember,
    WorkerPost,
    WorkerProfiled,
)
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import ServiceUnderTest, deliver, received
from sgo_journal.journals.model import journal_id

KRASNODAR, SOCHI = "03701000", "03726000"
SEPTEMBER = date(2026, 9, 1)
MONDAY = date(2026, 9, 7)
YEAR = 2026


async def hear(service: ServiceUnderTest, *heard: Event | Received[Any]) -> None:
    """Deliver events to the journal's handlers, each queue in one batch."""
    messages = [item if isinstance(item, Received) else received(item) for item in heard]
    for concern, handlers in service.definition.handlers.items():
        mine = [message for message in messages if type(message.event) in handlers.events]
        if mine:
            await deliver(service.runtime, handlers, mine, f"journal.{concern}")


def organization(
    organization_id: UUID, municipality: str = KRASNODAR, founder_id: UUID | None = None
) -> OrganizationChanged:
    return OrganizationChanged(
        organization_id=organization_id,
        kind=OrganizationKind.SCHOOL,
        short_name="МБОУ СОШ № 1",
        full_name="Средняя школа № 1",
        municipality=municipality,
        locality=Locality.URBAN,
        founder_id=founder_id,
        active=True,
    )


def group(group_id: UUID, organization_id: UUID, name: str = "5 «А»", year: int = YEAR) -> GroupChanged:
    return GroupChanged(
        group_id=group_id,
        organization_id=organization_id,
        academic_year=year,
        kind=GroupKind.CLASS,
        name=name,
        grade=5,
        capacity=25,
        occupied=0,
        starts_on=date(year, 9, 1),
        ends_on=date(year + 1, 9, 1),
        active=True,
    )


def placement(organization_id: UUID, group_id: UUID, *, main: bool = True, year: int = YEAR) -> Placement:
    return Placement(
        placement_id=new_id(),
        organization_id=organization_id,
        group_id=group_id,
        academic_year=year,
        grade=5,
        main=main,
    )


def movement(
    student_id: UUID,
    on: date,
    *,
    opened: Placement | None = None,
    closed: Placement | None = None,
    kind: MovementKind | None = None,
) -> MovementRecorded:
    kinds = {
        (True, False): MovementKind.ENROLLED,
        (True, True): MovementKind.TRANSFERRED_BETWEEN_GROUPS,
        (False, True): MovementKind.DEPARTED,
    }
    return MovementRecorded(
        movement_id=new_id(),
        student_id=student_id,
        statistical_id=new_id(),
        kind=kind or kinds[opened is not None, closed is not None],
        effective_date=on,
        recorded_at=datetime(2026, 8, 20, tzinfo=UTC),
        opened=opened,
        closed=closed,
    )


def profile(student_id: UUID, last: str, first: str = "Алиса", middle: str | None = None) -> StudentProfiled:
    return StudentProfiled(student_id=student_id, last_name=last, first_name=first, middle_name=middle)


def guardianship(
    guardian_id: UUID,
    student_id: UUID,
    *,
    since: date = SEPTEMBER,
    until: date | None = None,
    may_see: bool = True,
    guardianship_id: UUID | None = None,
) -> GuardianshipChanged:
    return GuardianshipChanged(
        guardianship_id=guardianship_id or new_id(),
        guardian_id=guardian_id,
        student_id=student_id,
        may_see=may_see,
        valid_from=since,
        valid_to=until,
    )


QUARTERS = (
    (date(2026, 9, 1), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 25)),
    (date(2027, 1, 11), date(2027, 3, 19)),
    (date(2027, 3, 29), date(2027, 5, 26)),
)
HOLIDAYS = tuple(date(*day) for day in ((2026, 11, 4), (2027, 2, 23), (2027, 3, 8), (2027, 5, 3), (2027, 5, 10)))


def quarters(
    grade_from: int | None = 1,
    grade_to: int | None = 11,
    *,
    week: int = 5,
    rests: Sequence[date] = HOLIDAYS,
    moved: Sequence[tuple[date, int]] = (),
) -> GradeCalendar:
    """The calendar of some grades by quarters; ``moved``: days of study and the weekday whose timetable they keep."""
    return GradeCalendar(
        grade_from=grade_from,
        grade_to=grade_to,
        period_kind="quarters",
        periods=tuple(CalendarDates(first_day=first, last_day=last) for first, last in QUARTERS),
        vacations=(CalendarDates(first_day=date(2026, 10, 24), last_day=date(2026, 11, 1), title="Осенние"),),
        weeks=(StudyWeek(first_day=SEPTEMBER, days=week),),
        rests=tuple(rests),
        special_days=tuple(SpecialStudyDay(day=day, weekday=weekday) for day, weekday in moved),
    )


def calendar(organization_id: UUID, *grades: GradeCalendar, calendar_id: UUID | None = None) -> CalendarChanged:
    """A calendar of an organization, by quarters and weeks of five days unless told otherwise."""
    return CalendarChanged(
        calendar_id=calendar_id or new_id(),
        organization_id=organization_id,
        academic_year=YEAR,
        first_day=SEPTEMBER,
        last_day=date(YEAR + 1, 8, 31),
        grades=grades or (quarters(),),
    )


def bells(organization_id: UUID, *, lessons: int = 7, shift: int = 1, **more: Any) -> BellScheduleChanged:
    """Lesson times of a shift: lessons of 40 minutes with breaks of 10, from 8:30 or, in the second shift, from 14:00."""
    start = 8 * 60 + 30 if shift == 1 else 14 * 60
    times = [(start + 50 * index, start + 50 * index + 40) for index in range(lessons)]
    told: dict[str, Any] = {
        "schedule_id": new_id(),
        "title": "Звонки",
        "day_kind": "regular",
        "weekdays": (1, 2, 3, 4, 5, 6),
        "grade_from": 0,
        "grade_to": 11,
        "valid_from": SEPTEMBER,
        "active": True,
        "lessons": tuple(
            LessonTime(
                number=number,
                starts_at=f"{starts // 60:02}:{starts % 60:02}",
                ends_at=f"{ends // 60:02}:{ends % 60:02}",
            )
            for number, (starts, ends) in enumerate(times, 1)
        ),
    }
    return BellScheduleChanged(organization_id=organization_id, shift=shift, **(told | more))


def subject(title: str, *, subject_id: UUID | None = None, **more: Any) -> SubjectChanged:
    """A subject of the region's list."""
    told: dict[str, Any] = {
        "code": "subject",
        "short_title": title,
        "area": "sciences",
        "grade_from": 1,
        "grade_to": 11,
        "valid_from": date(2020, 9, 1),
    }
    return SubjectChanged(subject_id=subject_id or new_id(), title=title, **(told | more))


def building(
    organization_id: UUID, name: str = "Главный корпус", *, building_id: UUID | None = None
) -> BuildingChanged:
    return BuildingChanged(
        building_id=building_id or new_id(),
        organization_id=organization_id,
        name=name,
        purpose="academic",
        address="350000, г. Краснодар, ул. Образцовая, д. 1",
        lessons=True,
        used_from=date(2020, 9, 1),
    )


def room(
    organization_id: UUID, number: str = "21", *, room_id: UUID | None = None, kind: str = "classroom", **more: Any
) -> RoomChanged:
    told: Mapping[str, Any] = {"active": True} | more
    return RoomChanged(room_id=room_id or new_id(), organization_id=organization_id, number=number, kind=kind, **told)


def entry(
    code: str, title: str, *, book: str = "work_kinds", organization_id: UUID | None = None, **more: Any
) -> ReferenceEntryChanged:
    """An entry of a reference book, the region's unless an organization is named."""
    told: dict[str, Any] = {"entry_id": new_id(), "position": 1, "active": True}
    return ReferenceEntryChanged(book=book, code=code, title=title, organization_id=organization_id, **(told | more))


def worker(
    worker_id: UUID, last: str, *organization_ids: UUID, first: str = "Мария", teaching: bool = True
) -> WorkerProfiled:
    """A worker with a post in each of the organizations."""
    posts = tuple(WorkerPost(organization_id=one, code="teacher", teaching=teaching) for one in organization_ids)
    return WorkerProfiled(worker_id=worker_id, last_name=last, first_name=first, posts=posts, active=bool(posts))


def load(
    organization_id: UUID,
    learners_id: UUID,
    subject_id: UUID,
    worker_id: UUID,
    *,
    of_teaching_group: bool = False,
    since: date = SEPTEMBER,
    until: date = date(YEAR + 1, 6, 1),
    load_id: UUID | None = None,
    year: int = YEAR,
) -> LoadChanged:
    """A worker teaches a subject to a class, or to a teaching group."""
    return LoadChanged(
        load_id=load_id or new_id(),
        organization_id=organization_id,
        academic_year=year,
        group_id=None if of_teaching_group else learners_id,
        teaching_group_id=learners_id if of_teaching_group else None,
        subject_id=subject_id,
        worker_id=worker_id,
        hours_week=2,
        valid_from=since,
        valid_to=until,
    )


def group_teacher(
    group_id: UUID,
    worker_id: UUID,
    organization_id: UUID,
    *,
    since: date = SEPTEMBER,
    until: date | None = None,
    appointment_id: UUID | None = None,
) -> GroupTeacherChanged:
    return GroupTeacherChanged(
        appointment_id=appointment_id or new_id(),
        organization_id=organization_id,
        group_id=group_id,
        worker_id=worker_id,
        role=GroupTeacherRole.CLASS_TEACHER,
        valid_from=since,
        valid_to=until,
    )


def member(student_id: UUID, since: date = SEPTEMBER, until: date | None = None) -> TeachingGroupMember:
    return TeachingGroupMember(student_id=student_id, valid_from=since, valid_to=until)


def teaching_group(
    organization_id: UUID,
    *members: TeachingGroupMember,
    teaching_group_id: UUID | None = None,
    kind: TeachingGroupKind = TeachingGroupKind.ELECTIVE,
    name: str = "Астрономия",
    **more: Any,
) -> TeachingGroupChanged:
    """A group across classes; of a subgroup name the ``division_id`` and the class, ``group_id``."""
    told: dict[str, Any] = {
        "academic_year": YEAR,
        "subject_ids": (),
        "starts_on": SEPTEMBER,
        "ends_on": date(YEAR + 1, 9, 1),
        "active": True,
    }
    return TeachingGroupChanged(
        teaching_group_id=teaching_group_id or new_id(),
        organization_id=organization_id,
        kind=kind,
        name=name,
        members=members,
        **(told | more),
    )


def study_form(
    student_id: UUID,
    organization_id: UUID,
    *,
    kind: StudyFormKind = StudyFormKind.AT_HOME,
    since: date = SEPTEMBER,
    until: date | None = None,
    study_form_id: UUID | None = None,
) -> StudyFormChanged:
    return StudyFormChanged(
        study_form_id=study_form_id or new_id(),
        student_id=student_id,
        statistical_id=new_id(),
        organization_id=organization_id,
        kind=kind,
        valid_from=since,
        valid_to=until,
    )


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


async def audited(school: School) -> list[tuple[str, str, list[UUID]]]:
    connection = await school.service.database.connect()
    rows = await connection.fetch("SELECT role, action, subjects FROM audit ORDER BY id")
    await connection.close()
    return [(row["role"], row["action"], row["subjects"]) for row in rows]
