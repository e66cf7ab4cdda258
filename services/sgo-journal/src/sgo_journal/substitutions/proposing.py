"""Lessons of an absent teacher, and what can be done with each."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.lessons import planning, tallies
from sgo_journal.lessons.service import Lesson
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study
from sgo_journal.substitutions import repository, service
from sgo_journal.substitutions.competence import Competence, competence
from sgo_journal.substitutions.model import Absence, Substitution
from sgo_journal.substitutions.ranking import Candidate, Teacher, ranked
from sgo_journal.timetable import gathering
from sgo_journal.timetable.dating import monday
from sgo_journal.timetable.values import Ban, Dated, Slot

Option = Literal["replace", "combine", "move", "cancel"]
_SHOWN = 15
_DAY = dt.timedelta(days=1)
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Names:
    """What the ids of lessons and teachers are called."""

    learners: Mapping[UUID, str]
    subjects: Mapping[UUID, str]
    rooms: Mapping[UUID, str]
    teachers: Mapping[UUID, str]


@dataclass(frozen=True)
class Proposal:
    """A lesson, what is arranged for it, whether something still can be, and what."""

    lesson: Lesson
    arranged: Substitution | None
    open: bool
    options: Sequence[Option]
    candidates: Sequence[Candidate]
    combine_with: Sequence[Dated]

    @property
    def key(self) -> str:
        """By which lessons are listed."""
        return key_of(self.lesson)


def key_of(lesson: Lesson) -> str:
    """Day, number and id: the order of the list."""
    return f"{lesson.date.isoformat()}.{lesson.number:02}.{lesson.id}"


async def affected(uow: UnitOfWork, absence: Absence) -> tuple[list[Lesson], Mapping[UUID, Substitution]]:
    """Lessons of an absence in order: those its teacher is to give, and those something is arranged for; by lesson, what."""
    arranged = await repository.of_absence(uow.session, absence)
    mine = (Lesson.academic_year == absence.academic_year) & (Lesson.teacher_id == absence.teacher_id)
    own = await planning.between(uow.session, absence.organization_id, mine, absence.valid_from, absence.valid_to)
    given = await planning.by_ids(uow.session, absence.organization_id, absence.academic_year, arranged.keys())
    found = {one.id: one for one in own if is_missed(absence, one)} | dict(given)
    return sorted(found.values(), key=key_of), arranged


def is_missed(absence: Absence, lesson: Lesson) -> bool:
    """Whether a lesson is one its teacher would give while away."""
    return (
        absence.withdrawn_at is None
        and lesson.teacher_id == absence.teacher_id
        and lesson.state == "planned"
        and absence.valid_from <= lesson.date < absence.valid_to
        and (absence.numbers is None or lesson.number in absence.numbers)
    )


async def proposals(
    uow: UnitOfWork, principal: Principal, absence_id: UUID, after: str | None, limit: int
) -> tuple[list[Proposal], Names]:
    """Lessons of an absence with ranked substitutes, one more than ``limit`` after the key; the reading is audited."""
    absence = await service.read(uow, principal, absence_id)
    lessons, arranged = await affected(uow, absence)
    part = [one for one in lessons if after is None or key_of(one) > after][: limit + 1]
    today = uow.clock.today()
    opened = [one for one in part if one.date >= today and not planning.recorded(one)]
    scene = await _scene(uow, absence, opened) if opened else None
    found = [_proposal(one, arranged.get(one.id), scene if one in opened else None) for one in part]
    names = await names_of(uow, absence.organization_id, part, found)
    await audit.record(uow, principal, "substitutions.propose", sorted(names.teachers))
    return found, names


@dataclass(frozen=True)
class _Scene:
    """What the lessons of a page are judged by."""

    dated: Mapping[UUID, Dated]
    competence: Competence
    teachers: Iterable[UUID]
    loads: Mapping[tuple[UUID, dt.date], int]
    bans: Sequence[Ban]
    buildings: Mapping[UUID, UUID]
    absent: UUID

    def candidates(self, lesson: Lesson, place: Dated) -> list[Candidate]:
        """Who is free, as far as is known, and could give the lesson."""
        of_day = [one for key, one in self.dated.items() if one.day == place.day and key != lesson.id]
        taught: dict[UUID, list[Dated]] = {}
        for one in of_day:
            for teacher in one.teachers:
                taught.setdefault(teacher, []).append(one)
        teachers = (
            Teacher(
                id=one,
                taught=self.competence.taught_by(one, place.day),
                classes=self.competence.classes_of(one, place.day),
                day=taught.get(one, ()),
                week=self.loads.get((one, monday(place.day)), 0),
            )
            for one in self.teachers
            if one not in {self.absent, lesson.teacher_id}
        )
        about = self.competence.of_journals.get(lesson.journal_id)
        return ranked(place, about, teachers, self.bans, self.buildings)[:_SHOWN]

    def partners(self, place: Dated) -> list[Dated]:
        """Lessons of other subgroups that this one can be taught with."""
        return [one for one in self.dated.values() if one.teachers != (self.absent,) and combines(place, one)]


def combines(one: Dated | None, other: Dated | None) -> bool:
    """Whether two subgroups of one division can be taught together: their lessons go on at the same time, the other's has a teacher."""
    return (
        isinstance(one, Slot)
        and isinstance(other, Slot)
        and one.source != other.source
        and bool(other.teachers)
        and one.learners.division_id is not None
        and one.learners.division_id == other.learners.division_id
        and (one.day, one.starts_at, one.ends_at) == (other.day, other.starts_at, other.ends_at)
    )


async def _scene(uow: UnitOfWork, absence: Absence, lessons: Sequence[Lesson]) -> _Scene:
    organization_id, academic_year = absence.organization_id, absence.academic_year
    days = {one.date for one in lessons}
    since, until = min(days), max(days) + _DAY
    standing = await planning.live_on(uow.session, organization_id, academic_year, days)
    every = {one.id: one for one in (*standing, *lessons)}
    journal_ids = {one.journal_id for one in every.values()}
    scene = await gathering.scene(uow, organization_id, academic_year, journal_ids, since, until)
    year = await gathering.year_of(uow, organization_id, academic_year)
    rooms = await study.rooms_of(uow, organization_id)
    return _Scene(
        dated={key: dated for key, one in every.items() if (dated := scene.dated(one, year)) is not None},
        competence=await competence(uow, organization_id, academic_year, journal_ids),
        teachers=await staff.teachers_of(uow, organization_id),
        loads=await tallies.loads_by_week(uow.session, organization_id, monday(since), monday(until - _DAY) + _WEEK),
        bans=[*scene.bans, *await service.bans(uow, organization_id, academic_year, since, until)],
        buildings={key: room.building_id for key, room in rooms.items() if room.building_id is not None},
        absent=absence.teacher_id,
    )


def _proposal(lesson: Lesson, arranged: Substitution | None, scene: _Scene | None) -> Proposal:
    place = None if scene is None else scene.dated.get(lesson.id)
    if scene is None or place is None:
        return Proposal(lesson, arranged, scene is not None, (), (), ())
    candidates, partners = scene.candidates(lesson, place), scene.partners(place)
    options: list[Option] = ["replace"] if candidates else []
    if partners:
        options.append("combine")
    if lesson.state == "planned":
        options += ["move", "cancel"]
    return Proposal(lesson, arranged, True, options, candidates, partners)


async def names_of(
    uow: UnitOfWork, organization_id: UUID, lessons: Sequence[Lesson], found: Sequence[Proposal] = ()
) -> Names:
    """What lessons of an organization, and what was ``found`` for them, are called."""
    people = {one.teacher_id for one in lessons if one.teacher_id is not None}
    people |= {one.teacher_id for proposal in found for one in proposal.candidates}
    partners = {slot.learners.id for proposal in found for slot in proposal.combine_with}
    learners = await rosters.learners(uow, {one.learners_id for one in lessons} | partners)
    rooms = await study.rooms_of(uow, organization_id)
    return Names(
        learners={key: one.name for key, one in learners.items()},
        subjects=await planning.subjects_of_journals(uow.session, {one.journal_id for one in lessons}),
        rooms={key: one.number for key, one in rooms.items()},
        teachers=await staff.names_of(uow, people),
    )
