"""Brought marks over HTTP."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from sgo_journal.files.schemas import FileOut
from sgo_journal.transfers.model import Kind


class BroughtMarkOut(BaseModel):
    """A mark that was brought: of a work on a day, or of a period over its days."""

    kind: Kind
    first_day: dt.date
    last_day: dt.date
    dated: bool = Field(description="Нет: в ведомости дня нет, считается последним днём до зачисления")
    title: str
    weight: Decimal
    scale_id: int
    value: str
    sign: str
    value_title: str


class BroughtSubjectOut(BaseModel):
    """A subject as the other school calls it, with what was brought of it."""

    subject_id: UUID
    title: str
    course_id: UUID | None = Field(description="К какому предмету (журналу) отнесён здесь вручную")
    stands_for: UUID | None = Field(description="Предмет регионального перечня, по которому отнесён сам")
    version: int = Field(description="Для отнесения к предмету вручную")
    marks: list[BroughtMarkOut]


class BroughtStatementOut(BaseModel):
    """What a student brought from one school."""

    id: UUID
    organization_id: UUID
    arrived_on: dt.date
    from_organization_id: UUID | None
    source: str | None = Field(description="Из какой организации")
    from_paper: bool = Field(description="Из бумажной ведомости, а не по переводу внутри региона")
    document_number: str | None
    document_date: dt.date | None
    version: int | None = Field(description="Только у бумажной ведомости: для её изменения")
    files: list[FileOut] = Field(description="Скан ведомости; только на странице ученика")
    subjects: list[BroughtSubjectOut]


class StudentBrought(BaseModel):
    """What a student brought."""

    student_id: UUID
    name: str | None
    statements: list[BroughtStatementOut]


class JournalBrought(BaseModel):
    """What students of a journal brought, those who brought nothing left out."""

    journal_id: UUID
    students: list[StudentBrought]


class BroughtStatements(BaseModel):
    """What one student brought in a school year."""

    items: list[BroughtStatementOut]
