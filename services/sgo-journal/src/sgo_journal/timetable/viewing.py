"""Views of a timetable: of a class, a teacher, a room or the whole organization, over a day, a week, a month or the year."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true

from orgdirectory import require_visible
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.lessons import planning
from sgo_journal.lessons.service import Lesson
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study
from sgo_journal.timetable import gathering
from sgo_journal.timetable.dating import Year, days, monday


class Span(StrEnum):
    """Over how many days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Wanted:
    """Whose timetable: of a class or group, a teacher, a room; of the organization where none is named."""

    learners_id: UUID | None = None
    teacher_id: UUID | None = None
    room_id: UUID | None = None

    @property
    def narrow(self) -> bool:
        """Whether it is of one class, teacher or room."""
        return any(one is not None for one in (self.learners_id, self.teacher_id, self.room_id))


@dataclass(frozen=True)
class DayView:
    """A day: whether it is one of study, how many lessons are to be held and are cancelled, the lessons if they are listed."""

    date: dt.date
    study: bool
    planned: int
    cancelled: int
    lessons: Sequence[Lesson] = ()


@dataclass(frozen=True)
class View:
    """Days in order, and what the lessons' ids are called."""

    days: Sequence[DayView]
    detailed: bool
    subjects: Mapping[UUID, str] = field(default_factory=dict)
    learners: Mapping[UUID, str] = field(default_factory=dict)
    rooms: Mapping[UUID, str] = field(default_factory=dict)
    teachers: Mapping[UUID, str] = field(default_factory=dict)


async def view(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, wanted: Wanted, span: Span, day: dt.date
) -> View:
    """The timetable over the span that holds ``day``.

    Lessons are listed over a day or a week, and over a month of one class, teacher or room; otherwise they are counted.
    """
    await require_visible(uow, principal, organization_id)
    academic_year = day.year if day.month >= _SEPTEMBER else day.year - 1
    year = await gathering.year_of(uow, organization_id, academic_year)
    since, until = _bounds(span, day, year)
    clause = await _clause(uow, organization_id, academic_year, wanted)
    grade = await _grade(uow, wanted)
    studied = {one: _studied(year, grade, one) for one in days(since, until)}
    if span is Span.YEAR or (span is Span.MONTH and not wanted.narrow):
        counts = await planning.counts_by_day(uow.session, organization_id, clause, since, until)
        return View([DayView(one, studied[one], *counts.get(one, (0, 0))) for one in studied], detailed=False)
    found = await planning.between(uow.session, organization_id, clause, since, until)
    by_day: dict[dt.date, list[Lesson]] = {}
    for lesson in found:
        by_day.setdefault(lesson.date, []).append(lesson)
    shown = [_day(one, studied[one], by_day.get(one, [])) for one in studied]
    return View(shown, detailed=True, **await _names(uow, organization_id, found))


_SEPTEMBER = 9


def _bounds(span: Span, day: dt.date, year: Year) -> tuple[dt.date, dt.date]:
    if span is Span.DAY:
        return day, day + dt.timedelta(days=1)
    if span is Span.WEEK:
        return monday(day), monday(day) + dt.timedelta(days=7)
    if span is Span.MONTH:
        first = day.replace(day=1)
        return first, (first + dt.timedelta(days=31)).replace(day=1)
    return year.calendar.first_day, year.until


async def _clause(uow: UnitOfWork, organization_id: UUID, academic_year: int, wanted: Wanted) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = true()
    if wanted.learners_id is not None:
        beside = await rosters.beside_class(uow, organization_id, academic_year, wanted.learners_id)
        clause &= Lesson.learners_id.in_({wanted.learners_id, *beside})
    if wanted.teacher_id is not None:
        clause &= Lesson.teacher_id == wanted.teacher_id
    if wanted.room_id is not None:
        clause &= Lesson.room_id == wanted.room_id
    return clause


async def _grade(uow: UnitOfWork, wanted: Wanted) -> int | None:
    if wanted.learners_id is None:
        return None
    found = (await rosters.learners(uow, [wanted.learners_id])).get(wanted.learners_id)
    return None if found is None else found.grade_from


def _studied(year: Year, grade: int | None, day: dt.date) -> bool:
    """Whether the class studies on the day; of an organization, whether some grade does."""
    if grade is not None:
        return year.calendar.for_grade(grade).is_study_day(day)
    return any(one.is_study_day(day) for _, _, one in year.calendar.grades)


def _day(day: dt.date, studied: bool, found: Sequence[Lesson]) -> DayView:
    planned = sum(lesson.state == "planned" for lesson in found)
    return DayView(day, studied, planned, len(found) - planned, found)


async def _names(uow: UnitOfWork, organization_id: UUID, found: Sequence[Lesson]) -> dict[str, Any]:
    rooms = await study.rooms_of(uow, organization_id) if any(one.room_id for one in found) else {}
    learners = await rosters.learners(uow, {one.learners_id for one in found})
    return {
        "subjects": await planning.subjects_of_journals(uow.session, {one.journal_id for one in found}),
        "learners": {key: one.name for key, one in learners.items()},
        "rooms": {key: one.number for key, one in rooms.items()},
        "teachers": await staff.names_of(uow, {one.teacher_id for one in found if one.teacher_id is not None}),
    }
