"""Statements from paper over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import Body, Line
from sgo_journal.files.schemas import UploadIds
from sgo_journal.scales.service import FIVE_POINTS
from sgo_journal.transfers.model import Kind

MOST_SUBJECTS, MOST_MARKS = 60, 150
"""Subjects of a statement, marks of a subject: more than a year has."""

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9a-z_]+$", title="Код отметки в шкале")]
Weight = Annotated[Decimal, Field(ge=0, le=10, max_digits=4, decimal_places=2, title="Вес в среднем балле")]


class StatementMarkIn(Body):
    """A mark as the paper has it: of a work, perhaps on a day; of a period over its days."""

    kind: Kind = Kind.WORK
    value: Code
    day: Annotated[Date | None, Field(title="День работы", description="Пусто: на бумаге дня нет")] = None
    first_day: Annotated[Date | None, Field(title="Первый день периода")] = None
    last_day: Annotated[Date | None, Field(title="Последний день периода")] = None
    title: Annotated[Line | None, Field(title="Вид работы или название периода")] = None
    weight: Weight = Decimal(1)

    @model_validator(mode="after")
    def _days(self) -> Self:
        of_period = self.first_day is not None and self.last_day is not None and self.day is None
        of_work = self.first_day is None and self.last_day is None
        if not (of_period if self.kind is Kind.PERIOD else of_work):
            raise PydanticCustomError(
                "brought.mark-days",
                "У отметки за период нужны его первый и последний день, у отметки за работу — только её день",
            )
        return self


class StatementSubjectIn(Body):
    """A subject as the paper calls it."""

    title: Annotated[Line, Field(title="Предмет, как в ведомости")]
    marks: Annotated[list[StatementMarkIn], Field(min_length=1, max_length=MOST_MARKS)]


class StatementIn(Body):
    """A statement of current marks and of those of past periods, as the school that was left has written it."""

    source: Annotated[Line, Field(title="Из какой организации")]
    document_number: Annotated[Line | None, Field(title="Номер документа", description="Пусто: без номера")] = None
    document_date: Annotated[Date, Field(title="Дата документа")]
    arrived_on: Annotated[Date, Field(title="С какого дня ученик зачислен в этом учебном году")]
    scale_id: Annotated[int, Field(ge=1, le=2**31 - 1, title="Шкала отметок")] = FIVE_POINTS
    subjects: Annotated[list[StatementSubjectIn], Field(min_length=1, max_length=MOST_SUBJECTS)]
    upload_ids: Annotated[UploadIds, Field(description="Скан ведомости; при изменении добавляется")] = ()


class StatementSaved(BaseModel):
    """A statement that was kept."""

    statement_id: UUID
    version: int


class SubjectAssigned(BaseModel):
    """A subject of a statement and the course it counts in here, none: by the region's list."""

    subject_id: UUID
    course_id: UUID | None
    version: int


class StatementChange(BaseModel):
    """What became of a statement; ``contents`` is the whole of it as it stood, of ``assigned`` the subject and its course."""

    id: UUID
    statement_id: UUID
    action: Literal["entered", "changed", "removed", "assigned"]
    contents: dict[str, Any]
    changed_by: UUID
    author: str | None = Field(description="Кто, если это работник из реестра")
    changed_at: dt.datetime
