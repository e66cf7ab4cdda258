"""Views of a timetable: of a class, a teacher, a room or the whole organization, over a day, a week, a month or the year."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true

from orgdirectory import require_visible
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.class_events import service as class_events
from sgo_journal.class_events.service import ClassEvent
from sgo_journal.dates import academic_year
from sgo_journal.lessons import planning, tallies
from sgo_journal.lessons.service import Lesson
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study
from sgo_journal.timetable import gathering
from sgo_journal.timetable.dating import Year, days, monday
from sgo_journal.timetable.errors import CalendarMissingError


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
    since, until = await _bounds(uow, organization_id, span, day)
    years = await _years(uow, organization_id, since, until)
    group = await _group(uow, wanted)
    learners = None if group is None else await _learners(uow, organization_id, group)
    clause = _clause(wanted, learners)
    events = await _events(uow, organization_id, since, until, wanted, learners)
    grade = None if group is None else group.grade_from
    studied = {one: _studied(years, grade, one) for one in days(since, until)}
    if span is Span.YEAR or (span is Span.MONTH and not wanted.narrow):
        counts = await tallies.counts_by_day(uow.session, organization_id, clause, since, until)
        counted = [DayView(one, studied[one], *counts.get(one, (0, 0)), events=events.get(one, ())) for one in studied]
        return View(counted, detailed=False)
    found = await planning.between(uow.session, organization_id, clause, since, until)
    by_day: dict[dt.date, list[Lesson]] = {}
    for lesson in found:
        by_day.setdefault(lesson.date, []).append(lesson)
    shown = [_day(one, studied[one], by_day.get(one, []), events.get(one, ())) for one in studied]
    return View(shown, detailed=True, **await _names(uow, organization_id, found))


async def whose(uow: UnitOfWork, organization_id: UUID, wanted: Wanted) -> str:
    """What the wanted ones are called, class, teacher and room in this order; the organization, where none is named."""
    names = []
    if (group := await _group(uow, wanted)) is not None:
        names.append(group.name)
    if wanted.teacher_id is not None:
        names.append((await staff.teachers_of(uow, organization_id)).get(wanted.teacher_id, "учитель"))
    if wanted.room_id is not None and (room := (await study.rooms_of(uow, organization_id)).get(wanted.room_id)):
        names.append(f"кабинет {room.number}")
    return ", ".join(names) or "вся школа"


async def _bounds(uow: UnitOfWork, organization_id: UUID, span: Span, day: dt.date) -> tuple[dt.date, dt.date]:
    if span is Span.DAY:
        return day, day + dt.timedelta(days=1)
    if span is Span.WEEK:
        return monday(day), monday(day) + dt.timedelta(days=7)
    if span is Span.MONTH:
        first = day.replace(day=1)
        return first, (first + dt.timedelta(days=31)).replace(day=1)
    year = await gathering.year_of(uow, organization_id, academic_year(day))
    return year.calendar.first_day, year.until


async def _years(uow: UnitOfWork, organization_id: UUID, since: dt.date, until: dt.date) -> Mapping[int, Year]:
    """School years that days of [since, until) lie in, a week may lie in two; raises ``CalendarMissingError`` where none is known."""
    found = {}
    for one in {academic_year(since), academic_year(until - dt.timedelta(days=1))}:
        with suppress(CalendarMissingError):
            found[one] = await gathering.year_of(uow, organization_id, one)
    if not found:
        raise CalendarMissingError
    return found


async def _group(uow: UnitOfWork, wanted: Wanted) -> rosters.Learners | None:
    """The class or group whose timetable is wanted; raises ``NotFoundError`` for one that is not known."""
    if wanted.learners_id is None:
        return None
    found = await rosters.learners(uow, [wanted.learners_id])
    if wanted.learners_id not in found:
        raise NotFoundError
    return found[wanted.learners_id]


async def _learners(uow: UnitOfWork, organization_id: UUID, group: rosters.Learners) -> set[UUID]:
    """The class or group with the groups of its students."""
    if group.organization_id != organization_id:
        raise NotFoundError
    return {group.id, *await rosters.beside_class(uow, organization_id, group.academic_year, group.id)}


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


def _studied(years: Mapping[int, Year], grade: int | None, day: dt.date) -> bool:
    """Whether the class studies on the day; of an organization, whether some grade does. In a year without calendar nobody does."""
    year = years.get(academic_year(day))
    if year is None:
        return False
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
