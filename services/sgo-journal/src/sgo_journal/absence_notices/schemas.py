"""Notices of absence over HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body, Line

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Reason = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[a-z_]+$", title="Причина из справочника")]


class NoticeIn(Body):
    """A student will be absent; both days are included."""

    starts_on: Annotated[Date, Field(title="Первый день")]
    ends_on: Annotated[Date, Field(title="Последний день", description="Включительно")]
    reason: Reason
    note: Annotated[Line | None, Field(title="Пояснение", description="Без медицинских сведений")] = None


class EndIn(Body):
    """The student is back earlier."""

    last_day: Annotated[Date, Field(title="Последний день отсутствия")]


class NoticeOut(BaseModel):
    """A notice; ``by_staff``: the organization entered it."""

    id: UUID
    student_id: UUID
    starts_on: dt.date
    ends_on: dt.date
    reason: str
    note: str | None
    by_staff: bool
    told_at: dt.datetime
    accepted_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    version: int


class ReasonOut(BaseModel):
    """A reason, and what is offered to be noted for it."""

    code: str
    title: str
    attendance_code: str
    daycare_code: str


class Reasons(BaseModel):
    """Reasons in their order."""

    items: list[ReasonOut]


class NamedNoticeOut(NoticeOut):
    """A notice and whom it is about."""

    name: str | None


class AnnouncedOut(BaseModel):
    """A student of a class or group who was told to be absent that day.

    ``absent``: what was noted that day says so; none while nothing is noted.
    """

    notice: NoticeOut
    name: str | None
    absent: bool | None


class AnnouncedDay(BaseModel):
    """Who was told to be absent on a day, in the order of the alphabet."""

    date: dt.date
    items: list[AnnouncedOut]


class UnexplainedOut(BaseModel):
    """A student who was noted as absent that day and nobody told why; ``lessons`` missed, none in a preschool group."""

    student_id: UUID
    name: str | None
    codes: list[str]
    lessons: int | None


class UnexplainedDay(BaseModel):
    """Whose absence on a day nobody explained, in the order of the alphabet."""

    date: dt.date
    items: list[UnexplainedOut]


class SuggestionOut(BaseModel):
    """A student of a journal who was told to be absent over days of the span, and what may be noted for it."""

    student_id: UUID
    first_day: dt.date
    last_day: dt.date
    code: str
    sign: str
    title: str


class Suggestions(BaseModel):
    """Who was told to be absent."""

    items: list[SuggestionOut]
