"""Attendance of preschool groups over HTTP."""

import datetime as dt
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import Body, Line, Text

CELLS_AT_ONCE = 2000
_MONTH = 31

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[a-z_]+$", title="Код из справочника")]
Version = Annotated[int, Field(ge=0, le=10**6, title="Версия отметки", description="0: здесь ещё ничего не стояло")]


class CellIn(Body):
    """What shall be noted of a child's day; null takes the note away."""

    student_id: UUID
    date: Date
    code: Code | None
    version: Version


class DaysIn(Body):
    """Days of a group, saved all or none: cells, and days on which everybody else was there."""

    cells: Annotated[list[CellIn], Field(max_length=CELLS_AT_ONCE, default_factory=list)]
    confirm: Annotated[
        list[Date],
        Field(max_length=_MONTH, default_factory=list, title="Дни, в которые остальные присутствовали"),
    ]
    reason: Annotated[Text | None, Field(title="Почему изменено")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.cells and not self.confirm:
            raise PydanticCustomError("daycare.none", "Не указано ни одной отметки и ни одного дня")
        return self


class CellOut(BaseModel):
    """What stands of a child's day."""

    student_id: UUID
    date: dt.date
    code: str | None
    version: int


class SavedDays(BaseModel):
    """Cells as they stand after saving, in the order of the request; ``confirmed``: those that the days brought."""

    cells: list[CellOut]
    confirmed: list[CellOut]


class CodeOut(BaseModel):
    """A code of a child's day."""

    code: str
    sign: str = Field(description="Как стоит в табеле")
    title: str
    missed: Literal["illness", "other"] | None = Field(
        description="Пропуск для формы 85-К: по болезни, по другой причине"
    )
    payable: bool = Field(description="День подлежит оплате родителями")


class Codes(BaseModel):
    """Codes of a child's day, in their order."""

    items: list[CodeOut]


class Figures(BaseModel):
    """Child-days. ``planned`` is attended, missed and unmarked together; ``payable`` is what parents pay for."""

    planned: int
    attended: int
    missed_illness: int
    missed_other: int
    unmarked: int
    payable: int
    by_code: dict[str, int]


class SheetDay(BaseModel):
    """A day of the sheet. ``confirmed``: every child of the group that day is noted."""

    date: dt.date
    state: Literal["working", "off", "closed"]
    children: int
    marked: int
    confirmed: bool


class SheetChild(BaseModel):
    """A child of the sheet, in the order of the alphabet.

    ``cells`` are [day of the month, code, version]; ``announced`` are [day, code] of working days nothing is noted of, for which
    an absence was told ahead: what confirming the day would note.
    """

    student_id: UUID
    name: str | None
    stays: list[tuple[dt.date, dt.date | None]]
    cells: list[tuple[int, str | None, int]]
    announced: list[tuple[int, str]]
    figures: Figures


class SheetOut(BaseModel):
    """A group's month (табель): children by days."""

    group_id: UUID
    group: str
    month: str
    closed: bool
    days: list[SheetDay]
    children: list[SheetChild]
    totals: Figures


class MonthOut(BaseModel):
    """A closed month of a group: the closing, and its child-days."""

    closing_id: UUID
    totals: Figures


class GroupFigures(BaseModel):
    """Child-days of a group over a month."""

    group_id: UUID
    group: str
    working_days: int
    average: float | None = Field(description="Среднее число детей в день")
    figures: Figures


class CountOut(BaseModel):
    """Child-days of a kindergarten over a month, for 85-К and for the fee."""

    month: str
    working_days: int
    average: float | None = Field(description="Среднее число детей в день")
    totals: Figures
    groups: list[GroupFigures]


class ClosureIn(Body):
    """Days on which a group is closed, both included."""

    first_day: Date
    last_day: Date
    reason: Annotated[Line, Field(title="Причина", description="Карантин, ремонт")]


class ClosureOut(BaseModel):
    """Days on which a group is closed, both included, unless it was withdrawn."""

    id: UUID
    group_id: UUID
    first_day: dt.date
    last_day: dt.date
    reason: str
    made_by: UUID
    made_at: dt.datetime
    withdrawn_at: dt.datetime | None


class DayChangeOut(BaseModel):
    """One change of a child's day."""

    id: UUID
    student_id: UUID
    day: dt.date
    version: int
    old_value: str | None
    new_value: str | None
    changed_by: UUID
    changed_at: dt.datetime
    reason: str | None


class ChildDayOut(BaseModel):
    """A child's day; without a code nothing is noted of it yet. ``away``: the child is not in the group that day."""

    date: dt.date
    state: Literal["working", "off", "closed", "away"]
    code: str | None
    sign: str | None
    title: str | None


class GroupEventOut(BaseModel):
    """An event of the group."""

    kind: str
    title: str
    starts_on: dt.date
    ends_on: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None
    place: str | None


class ChildGroupOut(BaseModel):
    """A child's month in a group: its days, its child-days, days on which the group is closed, and the group's events."""

    group_id: UUID
    group: str
    days: list[ChildDayOut]
    figures: Figures
    closures: list[tuple[dt.date, dt.date, str]] = Field(description="С какого дня, по какой (включительно), почему")
    events: list[GroupEventOut]


class ChildMonthOut(BaseModel):
    """A child's month in preschool groups."""

    student_id: UUID
    month: str
    groups: list[ChildGroupOut]
