"""Settings of study for the journal's other slices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from pydantic import TypeAdapter

from asu_contracts.core import GradeCalendar as ToldGrades
from servicekit.uow import UnitOfWork
from sgo_journal.study import repository
from sgo_journal.study.bells import Bells, LessonTimes
from sgo_journal.study.calendar import StudyCalendar
from sgo_journal.study.model import BellSchedule

_GRADES = TypeAdapter(tuple[ToldGrades, ...])


@dataclass(frozen=True)
class SubjectTitle:
    """What a subject is called; ``area`` is the code of its subject area, ``counts_as`` the region's subject it stands for."""

    title: str
    short_title: str
    area: str
    counts_as: UUID


@dataclass(frozen=True)
class RoomOfOrganization:
    """A room as a timetable shows it; ``building`` is none for a room of no building, or of one not told of yet."""

    id: UUID
    building_id: UUID | None
    building: str | None
    number: str
    title: str | None
    kind: str
    capacity: int | None
    active: bool


@dataclass(frozen=True)
class Entry:
    """An entry of a reference book; ``valid_to`` is exclusive."""

    code: str
    title: str
    abbreviation: str | None
    valid_from: date | None
    valid_to: date | None
    active: bool

    def offered(self, day: date) -> bool:
        """Whether it may be chosen on the day; what names it keeps its name for ever."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.active and begun and (self.valid_to is None or day < self.valid_to)


async def subject_titles(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, SubjectTitle]:
    """What subjects are called, by id; those not told of yet are absent."""
    return {
        one.id: SubjectTitle(one.title, one.short_title, one.area, one.counts_as or one.id)
        for one in await repository.subjects(uow.session, ids)
    }


async def is_usable_subject(uow: UnitOfWork, organization_id: UUID, subject_id: UUID) -> bool:
    """Whether a subject is one of the region's or of the organization's own."""
    return any(
        one.organization_id in {None, organization_id} for one in await repository.subjects(uow.session, [subject_id])
    )


async def subject_codes(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Codes of subjects in the region's list, by id: an organization's own subject has that of the one it stands for."""
    found = {one.id: one for one in await repository.subjects(uow.session, ids)}
    others = {one.counts_as for one in found.values() if one.counts_as is not None}
    codes = {one.id: one.code for one in await repository.subjects(uow.session, others)}
    return {key: codes.get(one.counts_as, one.code) if one.counts_as else one.code for key, one in found.items()}


@dataclass(frozen=True)
class CodedSubject:
    """A subject by the code of the region's list, its own or that of the one it stands for; ``own``: of the organization."""

    id: UUID
    code: str
    title: str
    own: bool


async def subjects_of_codes(uow: UnitOfWork, organization_id: UUID, codes: Collection[str]) -> Sequence[CodedSubject]:
    """The region's subjects with codes, and those of the organization's own that stand for them."""
    region = await repository.region_subjects(uow.session, codes)
    named = {one.id: one.code for one in region}
    own = await repository.own_subjects(uow.session, organization_id, named)
    return [
        *(CodedSubject(one.id, one.code, one.title, own=False) for one in region),
        *(CodedSubject(one.id, named[one.counts_as], one.title, own=True) for one in own if one.counts_as),
    ]


async def rooms_of(uow: UnitOfWork, organization_id: UUID) -> Mapping[UUID, RoomOfOrganization]:
    """All rooms of an organization by id, those used no more too."""
    return {
        room.id: RoomOfOrganization(
            id=room.id,
            building_id=room.building_id,
            building=building,
            number=room.number,
            title=room.title,
            kind=room.kind,
            capacity=room.capacity,
            active=room.active,
        )
        for room, building in await repository.rooms(uow.session, organization_id)
    }


async def calendar_of(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> StudyCalendar | None:
    """The calendar of an organization over a school year; none until core has told of it."""
    told = await repository.calendar(uow.session, organization_id, academic_year)
    if told is None:
        return None
    return StudyCalendar.of(academic_year, told.first_day, told.last_day, _GRADES.validate_python(told.grades))


async def bells_of(uow: UnitOfWork, organization_id: UUID) -> Bells:
    """All lesson times in use of an organization."""
    return Bells(tuple(_times(one) for one in await repository.bells(uow.session, organization_id)))


def _times(told: BellSchedule) -> LessonTimes:
    return LessonTimes(
        shift=told.shift,
        day_kind=told.day_kind,
        weekdays=frozenset(told.weekdays),
        grade_from=told.grade_from,
        grade_to=told.grade_to,
        valid_from=told.valid_from,
        valid_to=told.valid_to,
        lessons={
            one["number"]: (time.fromisoformat(one["starts_at"]), time.fromisoformat(one["ends_at"]))
            for one in told.lessons
        },
    )


async def entries_of(uow: UnitOfWork, book: str, organization_id: UUID) -> Sequence[Entry]:
    """Entries of a reference book in its order: an organization's stands there in place of the region's of the same code.

    Those offered no more are among them, since what was noted by them is still shown: ``Entry.offered``.
    """
    found = await repository.entries(uow.session, book, organization_id)
    return [
        Entry(one.code, one.title, one.abbreviation, one.valid_from, one.valid_to, one.active)
        for one in sorted(found, key=lambda one: (one.position, one.code))
    ]


async def work_kinds(uow: UnitOfWork, organization_id: UUID) -> Sequence[Entry]:
    """Kinds of works that marks are given for, in the order of their book."""
    return await entries_of(uow, "work_kinds", organization_id)
