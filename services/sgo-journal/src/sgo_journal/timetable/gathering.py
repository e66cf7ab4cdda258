"""What timetables are judged by, gathered from the other slices into the values of the engine."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.class_events import service as class_events
from sgo_journal.class_events.clashing import span
from sgo_journal.journals import service as journals
from sgo_journal.journals.service import Journal
from sgo_journal.lessons.service import Lesson
from sgo_journal.rosters import service as rosters
from sgo_journal.study import service as study
from sgo_journal.timetable import repository
from sgo_journal.timetable.clashes import Rooms
from sgo_journal.timetable.dating import Year
from sgo_journal.timetable.errors import CalendarMissingError
from sgo_journal.timetable.model import TimetableLine
from sgo_journal.timetable.values import Ban, Bound, Dated, Learners, Line, Parity, Slot

_FIRST_SHIFT = 1
_DAY = dt.timedelta(days=1)


async def year_of(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> Year:
    """Calendar and bells of an organization; raises ``CalendarMissingError``."""
    calendar = await study.calendar_of(uow, organization_id, academic_year)
    if calendar is None:
        raise CalendarMissingError
    return Year(calendar, await study.bells_of(uow, organization_id))


@dataclass(frozen=True)
class Scene:
    """Who is taught in which journals, what rooms take, what cannot be had."""

    journals: Mapping[UUID, Journal]
    learners: Mapping[UUID, Learners]
    rooms: Rooms
    bans: Sequence[Ban]

    def learners_of(self, journal_id: UUID) -> Learners | None:
        """Who is taught in a journal; none while the journal or its learners are unknown."""
        journal = self.journals.get(journal_id)
        return None if journal is None else self.learners.get(journal.learners_id)

    def line(self, row: TimetableLine) -> Line | None:
        """A row as the engine takes it."""
        learners = self.learners_of(row.journal_id)
        if learners is None:
            return None
        return Line(
            id=row.id,
            journal_id=row.journal_id,
            learners=learners,
            weekday=row.weekday,
            number=row.number,
            teachers=() if row.teacher_id is None else (row.teacher_id,),
            room_id=row.room_id,
            length=row.length,
            parity=Parity(row.parity),
            fixed=row.fixed,
        )

    def slot(self, lesson: Lesson, year: Year) -> Slot | None:
        """A lesson whose hours are known, as the engine takes it."""
        dated = self.dated(lesson, year)
        return dated if isinstance(dated, Slot) else None

    def dated(self, lesson: Lesson, year: Year) -> Dated | None:
        """A lesson as the engine takes it; one that was set without times stands by the bells of its day, if they have any."""
        learners = self.learners_of(lesson.journal_id)
        if learners is None:
            return None
        known = Dated(
            source=lesson.id,
            journal_id=lesson.journal_id,
            learners=learners,
            day=lesson.date,
            number=lesson.number,
            teachers=() if lesson.teacher_id is None else (lesson.teacher_id,),
            room_id=lesson.room_id,
        )
        starts_at, ends_at = lesson.starts_at, lesson.ends_at
        if starts_at is None or ends_at is None:
            times = year.times(learners.grade, learners.shift, lesson.date)
            if lesson.number not in times:
                return known
            starts_at, ends_at = times[lesson.number]
        return Slot(starts_at=starts_at, ends_at=ends_at, **vars(known))


async def scene(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    journal_ids: Collection[UUID],
    since: dt.date,
    until: dt.date,
) -> Scene:
    """What is needed to judge lessons of journals on days of [since, until); students are those of the first of them."""
    known = await journals.known(uow, organization_id, set(journal_ids))
    found = await rosters.learners(uow, {journal.learners_id for journal in known.values()})
    banned = await repository.unavailability(uow.session, organization_id, academic_year, since, until)
    return Scene(
        journals=known,
        learners=await _learners(uow, organization_id, academic_year, found, since),
        rooms=await repository.shared_rooms(uow.session, organization_id),
        bans=[
            Ban(
                id=one.id,
                of=Bound(one.kind),
                subject_id=one.resource_id,
                since=one.valid_from,
                until=one.valid_to,
                weekday=one.weekday,
                numbers=None if one.numbers is None else frozenset(one.numbers),
                shift=one.shift,
            )
            for one in banned
        ],
    )


async def events(uow: UnitOfWork, organization_id: UUID, since: dt.date, until: dt.date) -> list[Ban]:
    """Rooms that class events hold on days of [since, until), by the clock."""
    found = await class_events.between(uow, organization_id, since, until, None, {"state": "planned"})
    return [
        Ban(
            id=one.id,
            of=Bound.EVENT,
            subject_id=one.room_id,
            since=one.starts_on,
            until=one.ends_on + _DAY,
            hours=span(one.starts_on, one.ends_on, one.starts_at, one.ends_at),
        )
        for one in found
        if one.room_id is not None
    ]


async def _learners(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, found: Mapping[UUID, rosters.Learners], day: dt.date
) -> dict[UUID, Learners]:
    parts = {key for key, one in found.items() if one.class_id != one.id}
    students: dict[UUID, set[UUID]] = {}
    classes: dict[UUID, set[UUID]] = {}
    if parts:
        for group, student, of_class in await rosters.sharing(uow, organization_id, academic_year, parts, day):
            students.setdefault(group, set()).add(student)
            if of_class is not None:
                classes.setdefault(group, set()).add(of_class)
    for key in parts:
        if (of_class := found[key].class_id) is not None:
            classes[key] = {of_class}
    named = {one for of in classes.values() for one in of} - found.keys()
    whole = {**found, **(await rosters.learners(uow, named) if named else {})}
    return {
        key: _values(one, frozenset(classes.get(key, {key})), frozenset(students.get(key, ())), whole)
        for key, one in found.items()
    }


def _values(
    one: rosters.Learners, classes: frozenset[UUID], students: frozenset[UUID], known: Mapping[UUID, rosters.Learners]
) -> Learners:
    """A group across classes goes by the bells of its lowest grade and earliest shift."""
    of = [known[key] for key in classes if key in known]
    grades = [grade for grade in (one.grade_from, *(each.grade_from for each in of)) if grade is not None]
    shifts = [shift for shift in (one.shift, *(each.shift for each in of)) if shift is not None]
    return Learners(
        id=one.id,
        classes=classes,
        grade=one.grade_from if one.grade_from is not None else min(grades, default=None),
        shift=min(shifts, default=_FIRST_SHIFT),
        since=one.starts_on,
        until=one.ends_on,
        division_id=one.division_id,
        students=students,
        combined_set=one.combined_set,
    )


async def names_of(uow: UnitOfWork, known: Scene) -> Mapping[UUID, str]:
    """What journals are called where a conflict is named: class and subject."""
    subjects = await study.subject_titles(uow, {one.subject_id for one in known.journals.values() if one.subject_id})
    groups = await rosters.learners(uow, {one.learners_id for one in known.journals.values()})
    named = {}
    for key, journal in known.journals.items():
        subject = subjects.get(journal.subject_id) if journal.subject_id else None
        group = groups.get(journal.learners_id)
        title = journal.title or (subject.title if subject else None)
        named[key] = ", ".join(part for part in (group.name if group else None, title) if part)
    return named
