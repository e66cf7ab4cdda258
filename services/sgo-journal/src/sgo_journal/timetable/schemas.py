"""Timetables over HTTP."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import ABSENT, Body, Line
from sgo_journal.class_events.schemas import ClassEventOut
from sgo_journal.timetable.values import Parity

LINES_AT_ONCE = 500

Weekday = Annotated[int, Field(ge=1, le=7, title="День недели", description="1 — понедельник")]
Number = Annotated[int, Field(ge=0, le=20, title="Номер урока")]
Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Reason = Annotated[Line, Field(title="Причина")]


class TimetableIn(Body):
    """A new draft, empty or a copy."""

    academic_year: Annotated[int, Field(ge=2000, le=2100, title="Год начала учебного года")]
    title: Annotated[Line, Field(title="Название")]
    valid_from: Annotated[Date, Field(title="С какого дня")]
    valid_to: Annotated[Date | None, Field(title="По какой день", description="Не включительно")] = None
    copy_of: Annotated[UUID | None, Field(title="Из какого расписания взять строки")] = None


class TimetablePatch(Body):
    """What to change of a draft."""

    title: Line = ABSENT
    valid_from: Date = ABSENT
    valid_to: Date = ABSENT


class LineIn(Body):
    """A line; ``id`` of one that is there already changes it."""

    id: UUID | None = None
    journal_id: UUID
    weekday: Weekday
    number: Number
    length: Annotated[int, Field(ge=1, le=4, title="Сколько уроков подряд")] = 1
    parity: Annotated[Parity, Field(title="Недели", description="every — каждая, odd — нечётные, even — чётные")] = (
        Parity.EVERY
    )
    teacher_id: Annotated[UUID | None, Field(title="Учитель")] = None
    room_id: Annotated[UUID | None, Field(title="Кабинет")] = None
    fixed: Annotated[bool, Field(title="Закреплена", description="При составлении программой не переставляется")] = (
        False
    )


class LinesIn(Body):
    """Lines to put in and to take out, all or none."""

    put: Annotated[tuple[LineIn, ...], Field(max_length=LINES_AT_ONCE)] = ()
    removed: Annotated[tuple[UUID, ...], Field(max_length=LINES_AT_ONCE)] = ()


class LineOut(BaseModel):
    """A line of a template."""

    id: UUID
    journal_id: UUID
    weekday: int
    number: int
    length: int
    parity: Parity
    teacher_id: UUID | None
    room_id: UUID | None
    fixed: bool


class TimetableOut(BaseModel):
    """A timetable."""

    id: UUID
    organization_id: UUID
    academic_year: int
    title: str
    state: Literal["draft", "published", "replaced"]
    valid_from: dt.date
    valid_to: dt.date
    version: int
    published_at: dt.datetime | None


class SideOut(BaseModel):
    """A side of a conflict: a line, a lesson, a declared unavailability, or a class event."""

    id: UUID
    kind: Literal["line", "lesson", "unavailability", "event"]
    title: str


class ConflictOut(BaseModel):
    """Why a line cannot stand, or what there is to arrange once it does."""

    code: str
    title: str
    blocking: bool = Field(
        title="Мешает опубликовать",
        description="Отсутствие учителя и мероприятие в кабинете не мешают: нужны замена, другой кабинет",
    )
    sides: list[SideOut]
    date: dt.date = Field(title="Первый такой день")
    number: int
    days: int = Field(title="Сколько таких дней")
    resource_id: UUID | None = Field(title="Учитель или кабинет")


class Conflicts(BaseModel):
    """Conflicts of a timetable, the first of them, those that block publication before the rest."""

    total: int
    blocking: int
    items: list[ConflictOut]


class RemarkOut(BaseModel):
    """What sanitary rules have against a day."""

    code: str
    title: str


class DayRemarks(BaseModel):
    """A day of a class's week."""

    weekday: int
    lessons: int
    points: int
    remarks: list[RemarkOut]


class WeekRemarks(BaseModel):
    """A class's week in odd or even weeks."""

    learners_id: UUID
    parity: Parity
    days: list[DayRemarks]


class PublishIn(Body):
    """From which day the timetable holds."""

    valid_from: Annotated[Date, Field(title="С какого дня")]


class UnavailabilityIn(Body):
    """When a teacher or a room cannot be had."""

    academic_year: Annotated[int, Field(ge=2000, le=2100)]
    kind: Literal["teacher", "room"]
    resource_id: Annotated[UUID, Field(title="Учитель или кабинет")]
    valid_from: Date
    valid_to: Annotated[Date, Field(description="Не включительно")]
    weekday: Weekday | None = None
    numbers: Annotated[list[Number] | None, Field(min_length=1, max_length=21)] = None
    shift: Annotated[int | None, Field(ge=1, le=3, title="Смена")] = None
    reason: Reason


class UnavailabilityOut(BaseModel):
    """When a teacher or a room cannot be had."""

    id: UUID
    kind: Literal["teacher", "room"]
    resource_id: UUID
    valid_from: dt.date
    valid_to: dt.date
    weekday: int | None
    numbers: list[int] | None
    shift: int | None
    reason: str


class SharingIn(Body):
    """How many lessons a room takes at once."""

    lessons: Annotated[int, Field(ge=1, le=20, title="Уроков одновременно")]


class SharingOut(BaseModel):
    """A room that several lessons share."""

    room_id: UUID
    lessons: int


class LessonAddIn(Body):
    """A lesson beside the timetable."""

    journal_id: UUID
    date: Date
    number: Number
    teacher_id: UUID | None = None
    room_id: UUID | None = None
    reason: Reason


class LessonSlotPatch(Body):
    """Where a lesson goes, who gives it. A field left out stays."""

    date: Date = ABSENT
    number: Number = ABSENT
    teacher_id: UUID | None = None
    room_id: UUID | None = None
    reason: Reason


class ReasonIn(Body):
    """Why."""

    reason: Reason


class PlannedLesson(BaseModel):
    """A lesson as planned."""

    id: UUID
    journal_id: UUID
    learners_id: UUID
    date: dt.date
    number: int
    starts_at: dt.time | None
    ends_at: dt.time | None
    teacher_id: UUID | None
    room_id: UUID | None
    state: Literal["planned", "cancelled"]
    mode: Literal["on_site", "remote"]
    video_link: str | None
    note: str | None
    version: int


class LessonChangeOut(BaseModel):
    """What was decided on a lesson."""

    id: UUID
    action: str
    old: dict[str, Any]
    new: dict[str, Any]
    reason: str
    changed_by: UUID
    changed_at: dt.datetime


class ShownLesson(PlannedLesson):
    """A lesson in a view, with the names one reads."""

    subject: str | None
    learners: str | None
    room: str | None


class DayOut(BaseModel):
    """A day of a view: counts and events always, lessons where there are not too many to list."""

    date: dt.date
    study: bool
    planned: int
    cancelled: int
    lessons: list[ShownLesson]
    events: list[ClassEventOut]


class TimetableView(BaseModel):
    """A timetable over days, both included; names of teachers by id."""

    first_day: dt.date
    last_day: dt.date
    detailed: bool = Field(title="Уроки перечислены, а не только сосчитаны")
    days: list[DayOut]
    teachers: dict[UUID, str]


class PointsIn(Body):
    """How hard a subject is in a grade."""

    grade: Annotated[int, Field(ge=1, le=11, title="Класс (параллель)")]
    subject: Annotated[Line, Field(title="Код предмета", description="Из перечня предметов региона")]
    points: Annotated[int, Field(ge=0, le=20, title="Баллов")]


class SubjectPointsIn(Body):
    """All that the organization judges otherwise than the sanitary rules."""

    points: Annotated[tuple[PointsIn, ...], Field(max_length=500)]


class PointsOut(BaseModel):
    """How hard a subject is in a grade; ``own``: by the organization's judgement, not by the sanitary rules."""

    grade: int
    subject: str
    points: int
    own: bool


class SubjectPointsOut(BaseModel):
    """How hard subjects are."""

    points: list[PointsOut]
    version: int
