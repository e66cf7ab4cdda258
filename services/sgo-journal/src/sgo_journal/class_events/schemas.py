"""Class events over HTTP."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from servicekit.http import ABSENT, Body, Line, Text

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Kind = Annotated[
    Literal["class_hour", "meeting", "excursion", "contest", "trip", "extracurricular", "other"],
    Field(title="Вид мероприятия"),
]


def _of_day(value: dt.time) -> dt.time:
    if value.tzinfo is not None:
        raise PydanticCustomError("time.zone", "Время указывается без часового пояса")
    return value.replace(second=0, microsecond=0)


TimeOfDay = Annotated[dt.time, AfterValidator(_of_day)]
LearnersIds = Annotated[list[UUID], Field(min_length=1, max_length=100, title="Классы и группы")]


class ClassEventIn(Body):
    """An event of classes and groups."""

    kind: Kind
    title: Annotated[Line, Field(title="Название")]
    learners_ids: LearnersIds
    starts_on: Annotated[Date, Field(title="Первый день")]
    ends_on: Annotated[Date, Field(title="Последний день", description="Включительно")]
    starts_at: Annotated[TimeOfDay | None, Field(title="Начало")] = None
    ends_at: Annotated[TimeOfDay | None, Field(title="Окончание")] = None
    place: Annotated[Line | None, Field(title="Место проведения")] = None
    room_id: UUID | None = None
    responsible_id: Annotated[UUID, Field(title="Ответственный работник")]
    note: Annotated[Text | None, Field(title="Описание")] = None
    over_lessons: Annotated[
        bool, Field(title="Вместо уроков", description="Уроки класса и ответственного не мешают")
    ] = False
    over_events: Annotated[
        bool,
        Field(
            title="Наряду с другими мероприятиями",
            description="Мероприятия класса и ответственного не мешают, если у одного из двух нет часов",
        ),
    ] = False


class ClassEventPatch(Body):
    """What to change of an event. A field left out stays, null takes away."""

    kind: Kind = ABSENT
    title: Line = ABSENT
    learners_ids: LearnersIds = ABSENT
    starts_on: Date = ABSENT
    ends_on: Date = ABSENT
    starts_at: TimeOfDay | None = None
    ends_at: TimeOfDay | None = None
    place: Line | None = None
    room_id: UUID | None = None
    responsible_id: UUID = ABSENT
    note: Text | None = None
    over_lessons: bool = False
    over_events: bool = False


class CancellationIn(Body):
    """Why an event is cancelled."""

    reason: Annotated[Line, Field(title="Причина")]


class ClassEventOut(BaseModel):
    """An event."""

    id: UUID
    academic_year: int
    kind: Kind
    title: str
    learners_ids: list[UUID]
    starts_on: dt.date
    ends_on: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None
    place: str | None
    room_id: UUID | None
    responsible_id: UUID
    note: str | None
    state: Literal["planned", "cancelled"]
    version: int


class ClassEventChangeOut(BaseModel):
    """What was decided on an event."""

    id: UUID
    action: Literal["planned", "changed", "cancelled"]
    old: dict[str, Any]
    new: dict[str, Any]
    changed_by: UUID
    changed_at: dt.datetime


class Participant(BaseModel):
    """A student who takes part."""

    student_id: UUID
    name: str | None
    learners_id: UUID
