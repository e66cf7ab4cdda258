"""Homework over HTTP."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import ABSENT, Body, LongText
from sgo_journal.files.schemas import FileOut, UploadIds

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Task = Annotated[LongText, Field(title="Задание")]
Required = Annotated[bool, Field(title="Обязательно сдать")]
Minutes = Annotated[int | None, Field(ge=1, le=600, title="Сколько минут займёт")]
DueLesson = Annotated[UUID | None, Field(title="К какому уроку", description="По умолчанию к следующему уроку журнала")]
DueDate = Annotated[Date | None, Field(title="К какому дню", description="Вместо урока")]


class HomeworkIn(Body):
    """What is given at a lesson."""

    text: Task
    due_lesson_id: DueLesson = None
    due_date: DueDate = None
    student_ids: Annotated[
        tuple[UUID, ...] | None, Field(min_length=1, max_length=100, title="Кому", description="По умолчанию всем")
    ] = None
    required: Required = False
    minutes: Minutes = None
    upload_ids: UploadIds = ()


class HomeworkPatch(Body):
    """What to change; a lesson and a date it is due on take each other's place."""

    text: Task = ABSENT
    due_lesson_id: DueLesson = ABSENT
    due_date: DueDate = ABSENT
    required: Required = ABSENT
    minutes: Minutes = ABSENT
    upload_ids: Annotated[UploadIds, Field(description="Добавить файлы")] = ()


class HomeworkOut(BaseModel):
    """A homework; ``due_on`` is null while no lesson follows. ``student_ids``: whom it is for, null for all; families see none."""

    id: UUID
    lesson_id: UUID
    journal_id: UUID
    text: str
    due_lesson_id: UUID | None
    due_date: dt.date | None
    due_on: dt.date | None
    required: bool
    minutes: int | None
    student_ids: list[UUID] | None
    files: list[FileOut]
    version: int


class HomeworkGiven(BaseModel):
    """What is given at a lesson."""

    items: list[HomeworkOut]


class HandInIn(Body):
    """A version of a student's work."""

    student_id: UUID
    text: Annotated[LongText | None, Field(title="Ответ")] = None
    upload_ids: UploadIds = ()


class AnswerIn(Body):
    """What the teacher says of a version; a mark is set in the journal."""

    state: Annotated[Literal["accepted", "returned"], Field(title="Принято или возвращено на доработку")]
    comment: Annotated[LongText | None, Field(title="Комментарий учителя")] = None


class HandInOut(BaseModel):
    """A version of a student's work and the answer to it."""

    id: UUID
    number: int
    text: str | None
    files: list[FileOut]
    late: bool
    handed_in_at: dt.datetime
    state: Literal["handed_in", "accepted", "returned"]
    comment: str | None
    answered_at: dt.datetime | None
    version: int


class StudentWork(BaseModel):
    """What a student of the homework has handed in; ``overdue``: nothing that stands, though the day has passed."""

    student_id: UUID
    name: str | None
    overdue: bool
    versions: list[HandInOut]


class StudentWorks(BaseModel):
    """All students the homework is for, in the order of the alphabet."""

    due_on: dt.date | None
    items: list[StudentWork]


class VersionsOut(BaseModel):
    """Versions of one student's work."""

    items: list[HandInOut]


class TaskKind(StrEnum):
    """What a student has to do."""

    HOMEWORK = "homework"
    DEBT = "debt"


class TaskOut(BaseModel):
    """What the student has to do: a homework, or an open debt («точка»), whose id is the mark's.

    ``state`` of the newest version, null if nothing was handed in; a debt is closed by a mark.
    """

    kind: TaskKind
    id: UUID
    lesson_id: UUID
    journal_id: UUID
    subject: str
    text: str
    individual: bool
    required: bool
    minutes: int | None
    given_on: dt.date
    due_on: dt.date | None
    state: Literal["handed_in", "accepted", "returned"] | None
    late: bool | None
    comment: str | None
    overdue: bool
