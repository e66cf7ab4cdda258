"""Journals over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, HttpUrl

from servicekit.http import ABSENT, Body, Line

Hours = Annotated[Decimal, Field(ge=0, le=60, max_digits=5, decimal_places=2, title="Часов в неделю")]


class JournalIn(Body):
    """A journal that follows no load: of an extracurricular group, the extended day, a club."""

    learners_id: Annotated[UUID, Field(title="Класс, группа или учебная группа")]
    title: Annotated[Line, Field(title="Название")]
    scale_id: Annotated[int, Field(title="Шкала отметок", ge=1, le=2**31 - 1)] = 1


class JournalPatch(Body):
    """What to change of a journal."""

    title: Line = ABSENT
    scale_id: Annotated[int, Field(ge=1, le=2**31 - 1)] = ABSENT
    video_link: Annotated[HttpUrl | None, Field(title="Ссылка на видеоурок")] = ABSENT


class TeachingIn(Body):
    """A teacher of a journal over [valid_from, valid_to)."""

    teacher_id: UUID
    hours_week: Hours
    valid_from: dt.date
    valid_to: dt.date


class TeachingEnd(Body):
    """When an appointment ends."""

    last_day: Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31), title="Последний день")]


class TeachingOut(BaseModel):
    """Who teaches in a journal, and when."""

    id: UUID
    teacher_id: UUID
    hours_week: Decimal
    valid_from: dt.date
    valid_to: dt.date
    by_load: bool = Field(title="По нагрузке из учебного плана, а не по назначению в журнале")


class JournalOut(BaseModel):
    """A journal."""

    id: UUID
    organization_id: UUID
    academic_year: int
    learners_id: UUID
    of_teaching_group: bool
    subject_id: UUID | None
    title: str | None
    scale_id: int
    video_link: str | None
    version: int


class JournalWithTeachers(JournalOut):
    """A journal and who teaches in it."""

    teachers: list[TeachingOut]
