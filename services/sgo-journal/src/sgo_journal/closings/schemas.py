"""Closed periods over HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from servicekit.http import Body, Line, Text
from sgo_journal.closings.gaps import Gap

Period = Annotated[int, Field(ge=0, le=20, title="Номер учебного периода; 0 — весь учебный год")]


class ClosingIn(Body):
    """A period to close. With gaps it is closed only for a reason."""

    period: Period
    reason: Annotated[Text | None, Field(title="Почему закрывается с незаполненным")] = None


class RevokeIn(Body):
    """Why a closing is taken back."""

    reason: Text


class UnlockIn(Body):
    """An order that opens a closed period, for one journal or all of the learners."""

    journal_id: UUID | None = None
    open_until: AwareDatetime
    order_number: Line
    order_date: dt.date
    reason: Text


class UnlockOut(BaseModel):
    """What opened a closed period again."""

    id: UUID
    closing_id: UUID
    journal_id: UUID | None
    open_until: dt.datetime
    order_number: str
    order_date: dt.date
    reason: str
    unlocked_at: dt.datetime
    unlocked_by: UUID


class ClosingOut(BaseModel):
    """A closed period of a class, group or teaching group; both days are included."""

    id: UUID
    learners_id: UUID
    title: str
    first_day: dt.date
    last_day: dt.date
    closed_at: dt.datetime
    closed_by: UUID
    revoked_at: dt.datetime | None
    revoked_by: UUID | None
    revoked_for: str | None
    reason: str | None
    unlocks: list[UnlockOut] = []


class GapCount(BaseModel):
    """How many places of a kind are left."""

    gap: Gap
    title: str
    count: int


class CheckList(BaseModel):
    """What is left to fill in before a period is closed; both days are included."""

    title: str
    first_day: dt.date
    last_day: dt.date
    gaps: list[GapCount]


class PlaceOut(BaseModel):
    """A place that is not filled in."""

    key: str
    journal_id: UUID
    lesson_id: UUID | None
    date: dt.date | None
    student_id: UUID | None
    due_on: dt.date | None = Field(description="У долга: до какого дня его закрыть")
