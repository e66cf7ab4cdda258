"""Absences and substitutions over HTTP."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import ABSENT, Body, Line

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Numbers = Annotated[
    list[Annotated[int, Field(ge=0, le=20)]] | None,
    Field(min_length=1, max_length=21, title="Номера уроков", description="Пусто: весь день"),
]
OrderNumber = Annotated[Line | None, Field(title="Номер приказа")]
OrderDate = Annotated[Date | None, Field(title="Дата приказа")]
Kind = Annotated[
    Literal["subject", "other", "combined", "cancelled"],
    Field(title="Вид", description="По предмету, другим предметом, объединение подгрупп, отмена"),
]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, title="Версия урока, как она прочитана")]


class AbsenceIn(Body):
    """A teacher is away."""

    academic_year: Annotated[int, Field(ge=2000, le=2100, title="Год начала учебного года")]
    teacher_id: UUID
    valid_from: Annotated[Date, Field(title="С какого дня")]
    valid_to: Annotated[Date, Field(title="По какой день", description="Не включительно")]
    numbers: Numbers = None
    reason: Annotated[Line, Field(title="Причина")]
    order_number: OrderNumber = None
    order_date: OrderDate = None


class AbsencePatch(Body):
    """What to change of an absence; what is arranged for its lessons stays until it is restored."""

    valid_from: Date = ABSENT
    valid_to: Date = ABSENT
    numbers: Numbers = None
    reason: Line = ABSENT
    order_number: OrderNumber = None
    order_date: OrderDate = None


class AbsenceOut(BaseModel):
    """An absence."""

    id: UUID
    academic_year: int
    teacher_id: UUID
    valid_from: dt.date
    valid_to: dt.date
    numbers: list[int] | None
    reason: str
    order_number: str | None
    order_date: dt.date | None
    version: int
    made_at: dt.datetime
    withdrawn_at: dt.datetime | None


class LessonRef(Body):
    """A lesson as it was read."""

    lesson_id: UUID
    version: Version


class ArrangementIn(LessonRef):
    """What to do with a lesson: another teacher gives it, it is taught with another subgroup's lesson, or cancelled."""

    action: Annotated[
        Literal["replace", "combine", "cancel"], Field(title="Заменить, объединить подгруппы или отменить")
    ]
    teacher_id: Annotated[UUID | None, Field(title="Кто заменяет")] = None
    with_lesson_id: Annotated[UUID | None, Field(title="Урок второй подгруппы")] = None


class ArrangementsIn(Body):
    """Lessons to be arranged for: all or none."""

    lessons: Annotated[list[ArrangementIn], Field(min_length=1, max_length=200)]


class RestorationIn(Body):
    """Lessons to be given back to their own teacher: all or none."""

    lessons: Annotated[list[LessonRef], Field(min_length=1, max_length=200)]


class LessonOut(BaseModel):
    """A lesson of an absent teacher."""

    id: UUID
    date: dt.date
    number: int
    starts_at: dt.time | None
    ends_at: dt.time | None
    learners_id: UUID
    learners: str | None
    subject: str | None
    room: str | None
    state: Literal["planned", "cancelled"]
    version: int


class ArrangedOut(BaseModel):
    """Lessons after something was arranged for them."""

    items: list[LessonOut]


class PartOut(BaseModel):
    """A reason for or against a teacher, in points."""

    code: str
    points: int
    title: str


class CandidateOut(BaseModel):
    """A teacher who is free while the lesson goes on, or whose hours cannot be judged: then the part ``time-unknown`` tells it."""

    teacher_id: UUID
    name: str
    points: int
    parts: list[PartOut]


class PartnerOut(BaseModel):
    """A lesson of another subgroup at the same time."""

    lesson_id: UUID
    teacher_id: UUID
    learners: str | None


class ProposalOut(BaseModel):
    """A lesson of an absent teacher and what can be done."""

    key: str = Field(exclude=True)
    lesson: LessonOut
    open: bool = Field(title="Можно ли ещё назначить: урок не прошёл и не записан")
    arranged: Kind | None = Field(title="Что уже назначено")
    teacher: str | None = Field(title="Кто проводит")
    options: list[Literal["replace", "combine", "move", "cancel"]]
    candidates: list[CandidateOut]
    combine_with: list[PartnerOut]


class SubstitutionOut(BaseModel):
    """A substitution on the board of a day."""

    lesson_id: UUID
    number: int
    starts_at: dt.time | None
    learners: str | None
    subject: str | None
    room: str | None
    kind: Kind
    own_teacher: str | None
    teacher: str | None


class DayOut(BaseModel):
    """Substitutions of a day."""

    date: dt.date
    items: list[SubstitutionOut]


class HoursOut(BaseModel):
    """Lessons of a teacher over a period."""

    teacher_id: UUID
    name: str | None
    own: int = Field(title="Проведено своих уроков")
    subject: int = Field(title="Заменено по своему предмету")
    other: int = Field(title="Заменено другим предметом")
    combined: int = Field(title="Объединено подгрупп")
    missed: int = Field(title="Своих уроков проведено другими или отменено")


class HoursReportOut(BaseModel):
    """Hours of substitutions over a period, both days included."""

    first_day: dt.date
    last_day: dt.date
    items: list[HoursOut]
