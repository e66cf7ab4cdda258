"""Substitutions: which lessons need one, who could give them, which were given by another than the timetable has."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from orgdirectory import require_visible
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.service import Lesson
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study
from sgo_journal.timetable import gathering, repository
from sgo_journal.timetable.errors import NotStudyDayError, TookPlaceError
from sgo_journal.timetable.substitutes import Candidate, Ranked, ranked
from sgo_journal.timetable.values import Bound, Slot

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Given:
    """A lesson given by another than the timetable has; ``instead_of`` is none where it has nobody."""

    lesson: Lesson
    instead_of: UUID | None


async def needed(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date
) -> Sequence[Lesson]:
    """Lessons to be held on [since, until) whose teacher is declared unavailable then."""
    await require_visible(uow, principal, organization_id)
    wanted = (Lesson.academic_year == academic_year) & (Lesson.state == "planned")
    found = await planning.between(uow.session, organization_id, wanted, since, until)
    year = await gathering.year_of(uow, organization_id, academic_year)
    scene = await gathering.scene(
        uow, organization_id, academic_year, {lesson.journal_id for lesson in found}, since, until
    )
    bans = [ban for ban in scene.bans if ban.of is Bound.TEACHER]
    return [
        lesson
        for lesson in found
        if (slot := scene.slot(lesson, year)) is not None and any(ban.forbids(slot) for ban in bans)
    ]


async def substitutes(
    uow: UnitOfWork, principal: Principal, lesson_id: UUID
) -> tuple[Sequence[Ranked], Mapping[UUID, str]]:
    """Who could give a lesson, the fittest first, and what they are called; audited.

    Raises ``TookPlaceError`` of a lesson that is over, ``NotStudyDayError`` of one that no bell rings for.
    """
    lesson = await lessons.visible(uow, principal, lesson_id)
    if lesson.date < uow.clock.today() or planning.recorded(lesson):
        raise TookPlaceError
    organization_id, academic_year, day = lesson.organization_id, lesson.academic_year, lesson.date
    year = await gathering.year_of(uow, organization_id, academic_year)
    standing = await planning.live_on(uow.session, organization_id, academic_year, [day])
    scene = await gathering.scene(
        uow, organization_id, academic_year, {one.journal_id for one in standing} | {lesson.journal_id}, day, day + _DAY
    )
    slot = scene.slot(lesson, year)
    if slot is None:
        raise NotStudyDayError
    of_day: dict[UUID, list[Slot]] = {}
    for one in standing:
        if one.id != lesson.id and one.teacher_id is not None and (there := scene.slot(one, year)) is not None:
            of_day.setdefault(one.teacher_id, []).append(there)
    names = await staff.teachers_of(uow, organization_id)
    taught = await journals.taught_on(uow, organization_id, academic_year, day)
    candidates = [
        Candidate(
            teacher_id=teacher,
            subjects=frozenset(subject for subject, _ in taught.get(teacher, ()) if subject is not None),
            learners=frozenset(learners for _, learners in taught.get(teacher, ())),
            day=tuple(of_day.get(teacher, ())),
        )
        for teacher in names
    ]
    rooms = await study.rooms_of(uow, organization_id)
    buildings = {key: room.building_id for key, room in rooms.items() if room.building_id is not None}
    found = ranked(slot, scene.journals[lesson.journal_id].subject_id, candidates, scene.bans, buildings)
    await audit.record(uow, principal, "lesson.substitutes", [one.teacher_id for one in found])
    return found, names


async def given(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, since: dt.date, until: dt.date
) -> Sequence[Given]:
    """Lessons of [since, until) that another gives than the timetable has: whose hours are paid besides."""
    await require_visible(uow, principal, organization_id)
    found = await repository.given_by_others(uow.session, organization_id, since, until)
    return [Given(lesson, teacher) for lesson, teacher in found]
