"""Cells of the journal over HTTP."""

import datetime as dt
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import Body, Text

CELLS_AT_ONCE = 2000

Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9a-z_]+$")]
Version = Annotated[int, Field(ge=0, le=10**6, title="Версия клетки", description="0: в ней ещё ничего не стояло")]
DueOn = Annotated[
    dt.date | None,
    Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31), title="До какого дня закрыть долг, включительно"),
]
Work = Annotated[int, Field(ge=1, le=9, title="Номер работы на уроке")]


class MarkIn(Body):
    """A mark as it shall stand; null takes it away.

    Of a debt («точка») ``due_on`` is the last day it can be closed in time: left out, the one it has or that of the organization's
    setting; null: none. A debt is closed by a mark in its place.
    """

    lesson_id: UUID
    student_id: UUID
    work: Work = 1
    value: Code | None
    comment: Text | None = None
    due_on: DueOn = None
    version: Version


class AttendanceIn(Body):
    """What shall be noted of a student's presence; null: the student was there."""

    lesson_id: UUID
    student_id: UUID
    code: Code | None
    version: Version


class CellsIn(Body):
    """Cells of one journal, saved all or none."""

    marks: Annotated[list[MarkIn], Field(max_length=CELLS_AT_ONCE, default_factory=list)]
    attendance: Annotated[list[AttendanceIn], Field(max_length=CELLS_AT_ONCE, default_factory=list)]
    reason: Annotated[Text | None, Field(title="Почему изменено")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.marks and not self.attendance:
            raise PydanticCustomError("cells.none", "Не названа ни одна клетка")
        return self


class Saved(BaseModel):
    """Versions of the cells after saving, each list in the order of the request."""

    marks: list[int]
    attendance: list[int]


class ChangeOut(BaseModel):
    """One change of a mark or of attendance."""

    id: UUID
    kind: str
    lesson_id: UUID
    work: int | None
    student_id: UUID
    version: int
    old_scale_id: int | None
    new_scale_id: int | None
    old_value: str | None
    old_comment: str | None
    new_value: str | None
    new_comment: str | None
    old_due_on: dt.date | None = Field(description="До какого дня был долг")
    new_due_on: dt.date | None
    changed_by: UUID
    changed_at: dt.datetime
    reason: str | None


class AttendanceCodeOut(BaseModel):
    """A code of attendance."""

    code: str
    sign: str = Field(description="Как стоит в клетке журнала")
    title: str
    absent: bool = Field(description="Урок пропущен")


class Dictionaries(BaseModel):
    """What the codes of attendance mean."""

    attendance: list[AttendanceCodeOut]
