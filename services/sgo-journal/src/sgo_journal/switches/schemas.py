"""Switches over HTTP."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body, Line

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Grade = Annotated[int, Field(ge=1, le=11)]
Kind = Annotated[Literal["quarantine", "weather", "remote", "other"], Field(title="Повод")]
Effect = Annotated[
    Literal["cancel", "remote"], Field(title="Что с уроками", description="Отменить или провести дистанционно")
]


class SwitchIn(Body):
    """Which lessons to switch: of classes, of grades, or of all."""

    academic_year: Annotated[int, Field(ge=2000, le=2100, title="Год начала учебного года")]
    kind: Kind
    effect: Effect
    valid_from: Annotated[Date, Field(title="С какого дня")]
    valid_to: Annotated[Date, Field(title="По какой день", description="Не включительно")]
    learners_ids: Annotated[list[UUID] | None, Field(min_length=1, max_length=200, title="Классы и группы")] = None
    grades: Annotated[list[Grade] | None, Field(min_length=1, max_length=11, title="Параллели")] = None
    reason: Annotated[Line, Field(title="Причина")]
    order_number: Annotated[Line | None, Field(title="Номер приказа")] = None


class SwitchPreview(BaseModel):
    """What a switch would do."""

    lessons: int = Field(title="Уроков будет переключено")
    classes: int = Field(title="У скольких классов и групп")
    teachers: int = Field(title="У скольких учителей")
    left: int = Field(title="Уроков останется: прошли, записаны или уже отменены")
    mixed: int = Field(title="Уроков групп из разных классов, которые останутся")


class SwitchOut(BaseModel):
    """A switch."""

    id: UUID
    academic_year: int
    kind: Kind
    effect: Effect
    valid_from: dt.date
    valid_to: dt.date
    learners_ids: list[UUID] | None
    grades: list[int] | None
    reason: str
    order_number: str | None
    lessons: int
    version: int
    made_at: dt.datetime
    undone_at: dt.datetime | None
