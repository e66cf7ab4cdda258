"""Debts over HTTP."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field


class DebtOut(BaseModel):
    """An open debt («точка»): a required work that was not handed in; a mark in its place closes it.

    ``version`` is that of the cell (lesson, student, work), as saving takes it.
    """

    id: UUID
    student_id: UUID
    student: str | None = Field(description="Пусто, пока данные не поступили")
    journal_id: UUID
    learners_id: UUID
    subject: str
    lesson_id: UUID
    date: dt.date = Field(description="День урока")
    teacher_id: UUID | None = Field(description="Кто ведёт урок")
    work: int
    work_title: str | None
    value: str
    sign: str
    comment: str | None
    version: int
    noted_at: dt.datetime = Field(description="Когда поставлен или изменён")
    due_on: dt.date | None = Field(description="До какого дня закрыть, включительно; пусто: без срока")
    overdue: bool = Field(description="Срок истёк")
