"""Assessments over HTTP."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import ABSENT, Body, Line

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Kind = Annotated[str, Field(min_length=1, max_length=50, title="Вид работы", description="Код справочника work_kinds")]
Level = Annotated[
    Literal["organization", "region", "federal"],
    Field(title="Уровень", description="Школьная, региональная или федеральная работа"),
]


class AssessmentIn(Body):
    """A control work at a lesson."""

    lesson_id: Annotated[UUID, Field(title="Урок")]
    kind: Kind
    title: Annotated[Line, Field(title="Тема или название")]
    level: Level = "organization"


class AssessmentPatch(Body):
    """What to change of an assessment; for another lesson it is planned anew."""

    kind: Kind = ABSENT
    title: Line = ABSENT


class RemarkOut(BaseModel):
    """What there is against the lesson."""

    code: Literal["first_lesson", "last_lesson"]
    title: str


class AssessmentOut(BaseModel):
    """An assessment where its lesson is now."""

    id: UUID
    lesson_id: UUID
    journal_id: UUID
    learners_id: UUID
    date: dt.date
    number: int
    lesson_state: Literal["planned", "cancelled"]
    subject: str | None
    kind: str
    title: str
    level: Level
    published: bool
    version: int
    remarks: list[RemarkOut]


class FamilyAssessment(BaseModel):
    """An assessment as a family sees it."""

    date: dt.date
    number: int
    subject: str | None
    kind: str
    title: str


class PublicationIn(Body):
    """Which days of the schedule to publish."""

    valid_from: Annotated[Date, Field(title="С какого дня")]
    valid_to: Annotated[Date, Field(title="По какой день", description="Не включительно")]


class Published(BaseModel):
    """How many assessments families see from now on."""

    published: int


class LimitsIn(Body):
    """How many assessments a class may have."""

    per_day: Annotated[int, Field(ge=1, le=10, title="В день")] = 1
    per_week: Annotated[int | None, Field(ge=1, le=50, title="В неделю", description="Пусто: без предела")] = None


class LimitsOut(BaseModel):
    """How many assessments a class may have."""

    per_day: int
    per_week: int | None
    version: int
