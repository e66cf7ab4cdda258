"""Alerts over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body, Text
from sgo_journal.alerts.judging import Kind

LateDays = Annotated[
    int | None,
    Field(
        ge=0,
        le=366,
        title="Через сколько дней после урока изменение считается поздним",
        description="Пусто: столько, сколько учитель может править журнал",
    ),
]
RaisedBy = Annotated[int, Field(ge=1, le=4, title="На сколько баллов должна быть повышена отметка")]
ManyChanges = Annotated[int, Field(ge=2, le=100, title="Сколько исправлений отметок одного ученика — много")]
ManyMinutes = Annotated[int, Field(ge=1, le=1440, title="За сколько минут")]
NightFrom = Annotated[int, Field(ge=0, le=23, title="С какого часа ночь")]
NightUntil = Annotated[int, Field(ge=0, le=23, title="До какого часа ночь", description="Равный началу: ночи нет")]
OwnAtNight = Annotated[bool, Field(title="Сообщать и об исправлениях ночью, сделанных учителем журнала")]
TotalDifference = Annotated[
    Decimal,
    Field(gt=0, le=4, max_digits=3, decimal_places=2, title="На сколько итоговая может отличаться от среднего балла"),
]


class AlertSettingsIn(Body):
    """What an organization wants to be told of."""

    late_days: LateDays = None
    raised_by: RaisedBy = 2
    many_changes: ManyChanges = 5
    many_minutes: ManyMinutes = 60
    night_from: NightFrom = 23
    night_until: NightUntil = 6
    own_at_night: OwnAtNight = True
    total_difference: TotalDifference = Decimal("1.00")


class AlertSettingsOut(BaseModel):
    """Thresholds in force; version 0: nobody has changed them yet."""

    late_days: LateDays
    raised_by: RaisedBy
    many_changes: ManyChanges
    many_minutes: ManyMinutes
    night_from: NightFrom
    night_until: NightUntil
    own_at_night: OwnAtNight
    total_difference: TotalDifference
    version: int


class AlertOut(BaseModel):
    """Something unusual about a change; ``change_id`` is that of the history."""

    id: UUID
    kind: Kind
    title: str
    text: str
    change_id: UUID
    journal_id: UUID
    lesson_id: UUID | None
    student_id: UUID
    changed_by: UUID
    changed_at: dt.datetime
    found_at: dt.datetime
    acknowledged_at: dt.datetime | None
    acknowledged_by: UUID | None
    comment: str | None


class AcknowledgeIn(Body):
    """What was found out about a change."""

    comment: Annotated[Text, Field(title="Что выяснено")]
