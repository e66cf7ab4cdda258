"""Calendars to subscribe to over HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body, Line


class FeedIn(Body):
    """A calendar to be made. A guardian names the child, a student may name oneself, a teacher names nobody."""

    student_id: UUID | None = None
    label: Annotated[
        Line | None, Field(max_length=30, description="Что стоит перед названием урока, если детей несколько")
    ] = None
    homework: Annotated[bool, Field(description="Показывать домашнее задание")] = False


class FeedOut(BaseModel):
    """A calendar one may read by its address; the address itself is shown only when it is made."""

    id: UUID
    student_id: UUID | None
    label: str | None
    homework: bool
    version: int
    made_at: dt.datetime
    read_on: dt.date | None = Field(description="Когда календарь читали последний раз")


class FeedMade(BaseModel):
    """The address of a calendar, told once: who has it reads the calendar without signing in."""

    id: UUID
    version: int
    path: str | None = Field(description="Адрес календаря; при повторе запроса пусто: адрес показывается один раз")
