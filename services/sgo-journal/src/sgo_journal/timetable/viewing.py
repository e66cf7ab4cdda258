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
from sgo_journal.class_events import service as class_events
from sgo_journal.class_events.service import ClassEvent
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
    """A day: whether it is one of study, how many lessons are to be held and are cancelled, the lessons if they are listed, events."""

    date: dt.date
    study: bool
    planned: int
    cancelled: int
    lessons: Sequence[Lesson] = ()
    events: Sequence[ClassEvent] = ()


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
    learners = await _learners(uow, organization_id, academic_year, wanted)
    clause = _clause(wanted, learners)
    events = await _events(uow, organization_id, since, until, wanted, learners)
    grade = await _grade(uow, wanted)
    studied = {one: _studied(year, grade, one) for one in days(since, until)}
    if span is Span.YEAR or (span is Span.MONTH and not wanted.narrow):
        counts = await planning.counts_by_day(uow.session, organization_id, clause, since, until)
        counted = [DayView(one, studied[one], *counts.get(one, (0, 0)), events=events.get(one, ())) for one in studied]
        return View(counted, detailed=False)
    found = await planning.between(uow.session, organization_id, clause, since, until)
    by_day: dict[dt.date, list[Lesson]] = {}
    for lesson in found:
        by_day.setdefault(lesson.date, []).append(lesson)
    shown = [_day(one, studied[one], by_day.get(one, []), events.get(one, ())) for one in studied]
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


async def _learners(uow: UnitOfWork, organization_id: UUID, academic_year: int, wanted: Wanted) -> set[UUID] | None:
    """The class or group with the groups of its students; none where no learners are named."""
    if wanted.learners_id is None:
        return None
    return {
        wanted.learners_id,
        *await rosters.beside_class(uow, organization_id, academic_year, wanted.learners_id),
    }


def _clause(wanted: Wanted, learners: set[UUID] | None) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = true()
    if learners is not None:
        clause &= Lesson.learners_id.in_(learners)
    if wanted.teacher_id is not None:
        clause &= Lesson.teacher_id == wanted.teacher_id
    if wanted.room_id is not None:
        clause &= Lesson.room_id == wanted.room_id
    return clause


async def _events(
    uow: UnitOfWork,
    organization_id: UUID,
    since: dt.date,
    until: dt.date,
    wanted: Wanted,
    learners: set[UUID] | None,
) -> Mapping[dt.date, Sequence[ClassEvent]]:
    """Events of each day of [since, until): of a teacher those the teacher answers for."""
    asked = {"responsible_id": wanted.teacher_id, "room_id": wanted.room_id}
    filters = {name: value for name, value in asked.items() if value is not None}
    by_day: dict[dt.date, list[ClassEvent]] = {}
    for event in await class_events.between(uow, organization_id, since, until, learners, filters):
        for day in days(max(event.starts_on, since), min(event.ends_on + dt.timedelta(days=1), until)):
            by_day.setdefault(day, []).append(event)
    return by_day


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


def _day(day: dt.date, studied: bool, found: Sequence[Lesson], events: Sequence[ClassEvent]) -> DayView:
    planned = sum(lesson.state == "planned" for lesson in found)
    return DayView(day, studied, planned, len(found) - planned, found, events)


async def _names(uow: UnitOfWork, organization_id: UUID, found: Sequence[Lesson]) -> dict[str, Any]:
    rooms = await study.rooms_of(uow, organization_id) if any(one.room_id for one in found) else {}
    learners = await rosters.learners(uow, {one.learners_id for one in found})
    return {
        "subjects": await planning.subjects_of_journals(uow.session, {one.journal_id for one in found}),
        "learners": {key: one.name for key, one in learners.items()},
        "rooms": {key: one.number for key, one in rooms.items()},
        "teachers": await staff.names_of(uow, {one.teacher_id for one in found if one.teacher_id is not None}),
    }
