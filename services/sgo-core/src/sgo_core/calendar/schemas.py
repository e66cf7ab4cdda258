"""HTTP shapes of calendars."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.calendar.resolving import Level, Why
from sgo_core.catalogue.values import Day
from sgo_core.groups.schemas import Grade, Year

SetKind = Annotated[
    Literal["quarters", "trimesters", "half_years", "year", "vacations", "additional_vacations"], Field(title="Вид дат")
]
AnyGrade = Annotated[int, Field(ge=0, le=11, description="Класс; 0 — группы детского сада")]
Weekday = Annotated[int, Field(ge=1, le=6, title="По расписанию дня недели", description="1 — понедельник")]


class IntervalIn(Body):
    """A period or a vacation: first and last day, both included."""

    title: Annotated[Line | None, Field(title="Название")] = None
    first_day: Annotated[Day, Field(title="Первый день")]
    last_day: Annotated[Day, Field(title="Последний день")]


Intervals = Annotated[list[IntervalIn], Field(max_length=30)]


class SetIn(Body):
    """Periods or vacations of a year for some grades, both included, at the caller's level, and why."""

    academic_year: Year
    kind: SetKind
    grade_from: Grade = 1
    grade_to: Grade = 11
    intervals: Intervals
    reason: Text


class SetPatch(Body):
    """What to change in a set, and why; the intervals are given all together. What is not active counts for nothing."""

    reason: Text
    grade_from: Grade = ABSENT
    grade_to: Grade = ABSENT
    intervals: Intervals = ABSENT
    active: bool = ABSENT


class SetOut(Body):
    """A set and whose it is: ``organization_id`` is empty for the region's."""

    id: UUID
    organization_id: UUID | None
    academic_year: int
    kind: SetKind
    grade_from: int
    grade_to: int
    intervals: list[IntervalIn]
    active: bool
    version: int


class SpecialDayIn(Body):
    """A day of study or of rest against the rule for some grades, both included, at the caller's level, and why."""

    day: Annotated[Day, Field(title="Дата")]
    kind: Annotated[Literal["study", "off"], Field(title="Учебный или нет")]
    grade_from: AnyGrade = 0
    grade_to: AnyGrade = 11
    title: Annotated[Line, Field(title="Название")]
    as_weekday: Weekday | None = None
    day_kind: Annotated[Line | None, Field(title="Вид дня (код справочника)")] = None
    reason: Text


class SpecialDayPatch(Body):
    """What to change in a special day, and why; one that is not active counts for nothing."""

    reason: Text
    kind: Literal["study", "off"] = ABSENT
    grade_from: AnyGrade = ABSENT
    grade_to: AnyGrade = ABSENT
    title: Line = ABSENT
    as_weekday: Weekday | None = ABSENT
    day_kind: Line | None = ABSENT
    active: bool = ABSENT


class SpecialDayOut(Body):
    """A special day and whose it is: ``organization_id`` is empty for the region's."""

    id: UUID
    organization_id: UUID | None
    day: date
    kind: Literal["study", "off"]
    grade_from: int
    grade_to: int
    title: str
    as_weekday: int | None
    day_kind: str | None
    active: bool
    version: int


class DatesOut(Body):
    """A period or a vacation in force, both days included, and who set it."""

    title: str | None
    first_day: date
    last_day: date
    origin: Level
    additional: bool


class WeekOut(Body):
    """From which day on how many days a week are studied."""

    first_day: date
    days: int


class SpecialOut(Body):
    """A special day in force; on one of study ``weekday`` names whose timetable is kept."""

    day: date
    study: bool
    title: str
    weekday: int
    day_kind: str | None
    origin: Level


class CalendarOut(Body):
    """The calendar in force. No periods: neither the organization nor the region has set any of this kind."""

    academic_year: int
    first_day: date
    last_day: date
    grade: int
    period_kind: str | None
    periods: list[DatesOut]
    vacations: list[DatesOut]
    weeks: list[WeekOut]
    special_days: list[SpecialOut]


class DayOut(Body):
    """What a day is: whether there are lessons and why; the number of its period, the weekday whose timetable is kept."""

    day: date
    study: bool
    why: Why
    title: str | None
    period: int | None
    weekday: int | None
    day_kind: str | None


class DaysOut(Body):
    """Days of an interval."""

    items: list[DayOut]
