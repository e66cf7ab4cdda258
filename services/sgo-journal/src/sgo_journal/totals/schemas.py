"""Totals over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body, Text
from sgo_journal.totals.spans import Kind
from sgo_journal.totals.summaries import Standing

TOTALS_AT_ONCE = 2000

Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9a-z_]+$")]
Version = Annotated[int, Field(ge=0, le=10**6, title="Версия", description="0: отметки ещё не было")]
Period = Annotated[int, Field(ge=0, le=20, title="Номер учебного периода; 0 — год, экзамен, итоговая")]


class TotalIn(Body):
    """A total as it shall stand; null takes it away."""

    student_id: UUID
    kind: Kind
    period: Period = 0
    value: Code | None
    version: Version


class TotalsIn(Body):
    """Totals of one journal, saved all or none."""

    totals: Annotated[list[TotalIn], Field(min_length=1, max_length=TOTALS_AT_ONCE)]
    reason: Annotated[Text | None, Field(title="Почему изменено")] = None


class Saved(BaseModel):
    """Versions of the totals after saving, in the order of the request."""

    totals: list[int]


class SpanOut(BaseModel):
    """A column of the totals; both days are included."""

    kind: Kind
    period: int
    title: str
    first_day: dt.date
    last_day: dt.date


class TotalOut(BaseModel):
    """A total as it stands; without a value it was taken away."""

    kind: str
    period: int
    value: str | None
    sign: str | None
    version: int
    changed_by: UUID
    changed_at: dt.datetime
    reason: str | None


class StudentTotals(BaseModel):
    """A student's totals."""

    id: UUID
    name: str | None
    totals: list[TotalOut]


class TotalsPage(BaseModel):
    """Students by totals, of one journal."""

    journal_id: UUID
    title: str
    scale_id: int
    final_subject: str | None = Field(
        description="Предмет аттестата, к которому относятся экзамен и итоговая отметка; пусто: предмет журнала"
    )
    spans: list[SpanOut]
    students: list[StudentTotals]


class TotalChange(BaseModel):
    """What a total was and became, by whom, when and why; ``author`` is the name, where it is a worker of the registry."""

    id: UUID
    student_id: UUID
    kind: str
    period: int
    version: int
    old_value: str | None
    old_sign: str | None
    new_value: str | None
    new_sign: str | None
    changed_by: UUID
    author: str | None
    changed_at: dt.datetime
    reason: str | None


class CountedMark(BaseModel):
    """A mark behind a suggestion; ``percent`` and ``part`` are what it weighs and brings, none of a mark that does not count."""

    day: dt.date | None
    sign: str
    work: str
    weight: Decimal
    percent: Decimal | None
    part: Decimal | None
    brought: bool = Field(description="Принесена из другой школы")
    counted_as: str | None = Field(description="Отметка другой шкалы: чем она считается здесь; пустая строка — ничем")
    overdue_as: str | None = Field(description="Просроченный долг: какой отметкой он считается")


class SuggestionOut(BaseModel):
    """What is suggested for a student, why, and of which marks."""

    student_id: UUID
    name: str | None
    value: str | None
    reason: str
    otherwise: str | None = Field(description="Что следует из среднего балла, если отметок мало")
    mean: Decimal | None
    explanation: str | None
    marks: list[CountedMark]


class Suggestions(BaseModel):
    """What is suggested for a column of the totals."""

    span: SpanOut
    basis: str | None = Field(description="По какому порядку выводятся итоговые отметки для аттестата")
    students: list[SuggestionOut]


class SummaryOut(BaseModel):
    """Results of one subject or of all; shares are percents."""

    counts: dict[int, int] = Field(description="Сколько каких отметок; 0 — не аттестован")
    total: int
    success: Decimal | None = Field(title="Успеваемость")
    quality: Decimal | None = Field(title="Качество знаний")
    learning: Decimal | None = Field(title="СОУ")
    mean: Decimal | None


class ChangeOut(BaseModel):
    """By how much results differ from those of the period before."""

    success: Decimal | None
    quality: Decimal | None
    learning: Decimal | None
    mean: Decimal | None


class SpanResults(BaseModel):
    """Results of a journal in a column of the totals."""

    span: SpanOut
    summary: SummaryOut
    change: ChangeOut | None


class JournalResults(BaseModel):
    """Results of a journal from period to period."""

    journal_id: UUID
    title: str
    results: list[SpanResults]


class SubjectResults(BaseModel):
    """Results of a class in a subject."""

    course_id: UUID
    title: str
    summary: SummaryOut


class StandingOut(BaseModel):
    """How a student of a class stands."""

    student_id: UUID
    name: str | None
    standing: Standing
    title: str


class ClassResults(BaseModel):
    """Results of a class; ``success`` and ``quality`` count students, ``marks`` all results together."""

    span: SpanOut
    subjects: list[SubjectResults]
    marks: SummaryOut
    students: list[StandingOut]
    counts: dict[Standing, int]
    success: Decimal | None
    quality: Decimal | None
    change: ChangeOut | None = Field(description="К предыдущему периоду, по всем отметкам")
