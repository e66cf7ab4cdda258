"""The page of a journal over HTTP: many small cells, so they travel as short lists, not as objects."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field


class PageStudent(BaseModel):
    """A student of the page, in the order of the alphabet."""

    id: UUID
    name: str | None = Field(description="Пусто, пока данные не поступили")
    stays: list[tuple[dt.date, dt.date | None]] = Field(
        description="Когда состоит в классе (группе): с какого дня, по какой (не включая)"
    )


class PageWork(BaseModel):
    """A work of a lesson."""

    number: int
    kind: str
    title: str | None
    weight: float


class PageLesson(BaseModel):
    """A lesson of the page, a column or several of it; members that are empty are left out."""

    id: UUID
    date: dt.date
    number: int
    version: int
    state: str | None = Field(None, description="Пусто: урок по расписанию")
    topic: bool | None = Field(None, description="Тема записана")
    checked: bool | None = Field(None, description="Посещаемость отмечена")
    works: list[PageWork] | None = Field(None, description="Пусто: одна работа на уроке с весом 1")


Cell = list[int | str | None]


class JournalPage(BaseModel):
    """Students by dated lessons; what is empty is left out.

    ``marks`` and ``attendance`` have a list for each student, in the order of ``students``: of cells [lesson, value, version, work,
    comment, scale, the day a debt is due], where a lesson is its place in ``lessons`` from 0, and of what ends a cell the usual is left
    out (version 1, work 1, no comment, the scale of the journal, no day). A cell that is not there is empty at version 0; one without a
    value is empty at its version.
    """

    journal_id: UUID
    title: str
    learners_id: UUID
    scale_id: int
    students: list[PageStudent]
    lessons: list[PageLesson]
    marks: list[list[Cell]]
    attendance: list[list[Cell]]
    next: str | None = Field(None, description="Передайте в after, чтобы прочесть следующие уроки")
