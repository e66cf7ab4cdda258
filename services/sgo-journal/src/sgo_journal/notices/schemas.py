"""Notices over HTTP."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from sgo_journal.notices.kinds import Kind


class NoticeSide(BaseModel):
    """Where a lesson was, or is."""

    date: dt.date
    number: int
    teacher: str | None
    room: str | None


class NoticeOut(BaseModel):
    """What became otherwise, when and for whom."""

    id: UUID
    kind: Kind
    title: str
    date: dt.date
    until: dt.date | None = Field(title="По какой день", description="Не включительно")
    number: int | None
    learners: str | None
    subject: str | None
    old: NoticeSide | None
    new: NoticeSide | None
    text: str | None
    source_id: UUID = Field(title="Урок, переключение, мероприятие или расписание")
    made_at: dt.datetime
