"""Lessons over HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body, Line, Text

LESSONS_AT_ONCE = 500
ENTRIES_AT_ONCE = 200

Number = Annotated[int, Field(ge=1, le=20, description="Номер урока в расписании дня")]
Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9a-z_]+$")]


class LessonIn(Body):
    """A lesson to be set."""

    group_id: UUID
    date: dt.date
    number: Number
    subject: Line
    teacher_id: UUID
    topic: Text | None = None


class LessonsIn(Body):
    """Lessons of one organization, set all or none."""

    lessons: Annotated[list[LessonIn], Field(min_length=1, max_length=LESSONS_AT_ONCE)]


class AttendanceIn(Body):
    """What is noted of a student's presence; a student not named was there."""

    student_id: UUID
    code: Code


class MarkIn(Body):
    """A student's mark."""

    student_id: UUID
    value: Code
    comment: Text | None = None


class RecordIn(Body):
    """The whole record of a lesson: a mark or a code left out is taken away. A topic or homework left out stays."""

    topic: Text | None = None
    homework: Annotated[Text | None, Field(description="null удаляет, отсутствие поля оставляет прежнее")] = None
    attendance: Annotated[list[AttendanceIn], Field(max_length=ENTRIES_AT_ONCE)]
    marks: Annotated[list[MarkIn], Field(max_length=ENTRIES_AT_ONCE)]


class LessonOut(BaseModel):
    """A lesson; the counts are those of its record."""

    id: UUID
    organization_id: UUID
    group_id: UUID
    academic_year: int
    date: dt.date
    number: int
    subject: str
    teacher_id: UUID
    topic: str | None
    homework: str | None
    version: int
    recorded_at: dt.datetime | None
    learners: int
    absent: int
    marked: int


class Created(BaseModel):
    """Lessons just set, in the order they were given."""

    items: list[LessonOut]


class AttendanceOut(BaseModel):
    """What is noted of a student's presence."""

    student_id: UUID
    code: str


class MarkOut(BaseModel):
    """A student's mark."""

    student_id: UUID
    value: str
    comment: str | None


class RecordedLesson(LessonOut):
    """A lesson with its record."""

    attendance: list[AttendanceOut]
    marks: list[MarkOut]


class ChangeOut(BaseModel):
    """One change of a mark or of attendance."""

    id: UUID
    student_id: UUID
    kind: str
    old_value: str | None
    old_comment: str | None
    new_value: str | None
    new_comment: str | None
    changed_by: str
    changed_at: dt.datetime
    lesson_version: int


class MarkValueOut(BaseModel):
    """A value a mark may have."""

    code: str
    sign: str = Field(description="Как стоит в клетке журнала")
    title: str


class AttendanceCodeOut(MarkValueOut):
    """A code of attendance."""

    absent: bool = Field(description="Урок пропущен")


class Dictionaries(BaseModel):
    """What the journal's codes mean."""

    marks: list[MarkValueOut]
    attendance: list[AttendanceCodeOut]
