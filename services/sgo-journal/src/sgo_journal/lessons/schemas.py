"""Lessons over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import ABSENT, Body, Line, Text

LESSONS_AT_ONCE = 500

Number = Annotated[int, Field(ge=0, le=20, description="Номер урока в расписании дня")]
Kind = Annotated[str, Field(min_length=1, max_length=50, title="Вид работы", description="Код справочника work_kinds")]
Weight = Annotated[Decimal, Field(ge=0, le=10, max_digits=4, decimal_places=2, title="Вес в среднем балле")]


class LessonIn(Body):
    """A lesson to be set; who gives it is the journal's teacher unless somebody is named."""

    journal_id: UUID
    date: dt.date
    number: Number
    teacher_id: UUID | None = None
    room_id: UUID | None = None


class LessonsIn(Body):
    """Lessons of one organization, set all or none."""

    lessons: Annotated[list[LessonIn], Field(min_length=1, max_length=LESSONS_AT_ONCE)]


class LessonPatch(Body):
    """What was taught; homework is given beside it. A field left out stays, null takes away."""

    topic: Annotated[Text | None, Field(title="Тема урока")] = None
    topic_id: Annotated[
        UUID | None, Field(title="Тема плана журнала", description="Без topic вписывает и её название")
    ] = None
    attendance_checked: Annotated[bool, Field(title="Посещаемость отмечена")] = ABSENT


class WorkIn(Body):
    """A work of a lesson."""

    number: Annotated[int, Field(ge=1, le=9, title="Номер работы на уроке")]
    kind: Kind
    title: Annotated[Line | None, Field(title="Название")] = None
    weight: Weight = Decimal(1)


class WorksIn(Body):
    """All works of a lesson; one left out is taken away."""

    works: Annotated[list[WorkIn], Field(max_length=9)]


class WorkOut(BaseModel):
    """A work of a lesson."""

    number: int
    kind: str
    title: str | None
    weight: Decimal


class LessonOut(BaseModel):
    """A lesson; the counts are those of its record."""

    id: UUID
    organization_id: UUID
    academic_year: int
    journal_id: UUID
    learners_id: UUID
    date: dt.date
    number: int
    starts_at: dt.time | None
    ends_at: dt.time | None
    teacher_id: UUID | None
    room_id: UUID | None
    state: str
    mode: str
    video_link: str | None
    note: str | None
    topic: str | None
    topic_id: UUID | None
    homework: str | None
    attendance_checked: bool
    version: int
    recorded_at: dt.datetime | None
    learners: int
    absent: int
    marked: int


class LessonWithWorks(LessonOut):
    """A lesson and its works."""

    works: list[WorkOut]


class Created(BaseModel):
    """Lessons just set, in the order they were given."""

    items: list[LessonOut]
