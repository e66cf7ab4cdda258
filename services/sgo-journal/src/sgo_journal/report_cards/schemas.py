"""How a student is doing, over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import Body
from sgo_journal.dates import Day
from sgo_journal.totals.schemas import Code, CountedMark, SpanOut


class CardTotal(BaseModel):
    """A total of a subject as the teacher set it."""

    kind: str
    period: int
    value: str
    sign: str
    set_at: dt.datetime
    set_by: str | None = Field(description="Кто выставил, если это работник из реестра")


class CardSubject(BaseModel):
    """Totals of a subject."""

    course_id: UUID = Field(description="Предмет; у журнала без предмета — сам журнал")
    title: str
    totals: list[CardTotal]


class CardBrought(BaseModel):
    """A mark of a period that the student brought from another school."""

    subject: str = Field(description="Как он назван там")
    title: str = Field(description="Какой период")
    first_day: dt.date
    last_day: dt.date
    value: str
    sign: str
    source: str | None = Field(description="Из какой организации")
    from_paper: bool = Field(description="Из ведомости; нет — по переводу внутри региона")


class CardPlace(BaseModel):
    """Totals of a student in an organization."""

    organization_id: UUID
    organization: str
    group: str
    spans: list[SpanOut] = Field(description="Столбцы: учебные периоды, год, экзамен, итоговая")
    subjects: list[CardSubject]
    brought: list[CardBrought] = Field(description="Отметки за периоды, с которыми ученик пришёл сюда из других школ")


class ReportCard(BaseModel):
    """A student's totals of a school year, in every organization where the student studied that the reader may see."""

    student_id: UUID
    academic_year: int
    places: list[CardPlace]


class SubjectMean(BaseModel):
    """The weighted mean of a student's marks in a subject and what it is made of."""

    organization_id: UUID
    course_id: UUID
    title: str
    mean: Decimal | None
    explanation: str = Field(description="Как получено: (5·2 + 4·1) / 3 = 4,67")
    mark: str | None = Field(description="Отметка за период, которая следует из среднего балла")
    reason: str
    marks: list[CountedMark]


class Means(BaseModel):
    """Means of a student over days, both included."""

    student_id: UUID
    items: list[SubjectMean]


Weight = Annotated[Decimal, Field(gt=0, le=10, max_digits=4, decimal_places=2)]


class TriedMark(Body):
    """A mark that is not there: its code in the scale and the weight of the work."""

    value: Code
    weight: Weight = Decimal(1)


class TryIn(Body):
    """Marks to be added to those of a subject, to see what its mean would be."""

    organization_id: UUID
    course_id: UUID
    since: Annotated[Day, Field(alias="from")]
    until: Annotated[Day, Field(alias="to", description="Последний день, включительно")]
    marks: Annotated[list[TriedMark], Field(min_length=1, max_length=20)]


class Tried(BaseModel):
    """The mean as it is and as it would be; nothing is kept."""

    before: SubjectMean
    after: SubjectMean
