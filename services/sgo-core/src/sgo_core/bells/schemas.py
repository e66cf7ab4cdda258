"""HTTP shapes of shifts and lesson times."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.calendar.resolving import Why
from sgo_core.calendar.schemas import AnyGrade
from sgo_core.catalogue.values import Day
from sgo_core.groups.schemas import Shift

ClockTime = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(title="Время", examples=["08:30"]),
]
Weekdays = Annotated[
    list[Annotated[int, Field(ge=1, le=7)]],
    Field(min_length=1, max_length=7, title="Дни недели", description="1 — понедельник"),
    AfterValidator(lambda days: sorted(set(days))),
]
DayKind = Annotated[Line, StringConstraints(max_length=40), Field(title="Вид дня (код справочника)")]
Title = Annotated[Line, StringConstraints(max_length=100), Field(title="Название")]
To = Annotated[Day, Field(title="Больше не действует с")]


class ShiftIn(Body):
    """A shift of an organization, and when its lessons may lie."""

    number: Shift
    starts_at: ClockTime
    ends_at: ClockTime


class ShiftPatch(Body):
    """What to change in a shift, and why."""

    reason: Text
    starts_at: ClockTime = ABSENT
    ends_at: ClockTime = ABSENT
    active: bool = ABSENT


class ShiftOut(Body):
    """A shift."""

    id: UUID
    organization_id: UUID
    number: int
    starts_at: str
    ends_at: str
    active: bool
    version: int


class ShiftsOut(Body):
    """Shifts of an organization, by number."""

    items: list[ShiftOut]


class LessonTimeIn(Body):
    """A lesson: its number, when it starts and ends. There are no lessons before the first (СП 2.4.3648-20, 3.4.16)."""

    number: Annotated[int, Field(ge=1, le=20)]
    starts_at: ClockTime
    ends_at: ClockTime


Lessons = Annotated[list[LessonTimeIn], Field(min_length=1, max_length=20)]


class BellsIn(Body):
    """Lesson times of a shift for some weekdays, a kind of day, some grades (both included) and days [valid_from, valid_to)."""

    title: Title
    shift: Shift
    day_kind: DayKind = "regular"
    weekdays: Weekdays
    grade_from: AnyGrade = 0
    grade_to: AnyGrade = 11
    valid_from: Day
    valid_to: To | None = None
    lessons: Lessons


class BellsPatch(Body):
    """What to change in lesson times, and why; the lessons are given all together."""

    reason: Text
    title: Title = ABSENT
    shift: Shift = ABSENT
    day_kind: DayKind = ABSENT
    weekdays: Weekdays = ABSENT
    grade_from: AnyGrade = ABSENT
    grade_to: AnyGrade = ABSENT
    valid_from: Day = ABSENT
    valid_to: To | None = ABSENT
    lessons: Lessons = ABSENT
    active: bool = ABSENT


class BellsOut(Body):
    """Lesson times; ``remarks``: what sanitary rules have against them, by code."""

    id: UUID
    organization_id: UUID
    title: str
    shift: int
    day_kind: str
    weekdays: list[int]
    grade_from: int
    grade_to: int
    valid_from: date
    valid_to: date | None
    lessons: list[LessonTimeIn]
    active: bool
    version: int
    remarks: Mapping[str, str]


class BellsOfDay(Body):
    """When lessons start and end on a day for a grade in a shift. No lessons on a school day: nobody has set their times."""

    day: date
    study: bool
    why: Why
    shift: int
    day_kind: str | None
    weekday: int | None
    schedule_id: UUID | None
    lessons: list[LessonTimeIn]
