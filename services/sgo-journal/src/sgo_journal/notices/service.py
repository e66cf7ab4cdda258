"""Notices to classes: written by whoever changes a timetable, read by families and by who leads the class."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit import audit
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.lessons import planning
from sgo_journal.lessons.service import Lesson
from sgo_journal.notices import repository
from sgo_journal.notices.kinds import Kind
from sgo_journal.notices.model import Notice
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study

__all__ = ["Kind", "Notice"]

_TOLD = ("date", "number", "teacher_id", "room_id")
_AHEAD = dt.timedelta(days=366)
_BACK = dt.timedelta(days=31)


@dataclass(frozen=True)
class Names:
    """What the ids of notices are called."""

    subjects: Mapping[UUID, str]
    learners: Mapping[UUID, str]
    teachers: Mapping[UUID, str]
    rooms: Mapping[UUID, str]


async def tell_of_lessons(
    uow: UnitOfWork, kind: Kind, changed: Iterable[tuple[Lesson, Mapping[str, Any]]], *, new: bool = False
) -> None:
    """Tell of lessons of today and later; ``changed`` as ``planning.change`` takes it, before the lessons are read anew."""
    today = uow.clock.today()
    rows = []
    for lesson, values in changed:
        before = {name: getattr(lesson, name) for name in _TOLD}
        after = {name: values.get(name, value) for name, value in before.items()}
        if max(before["date"], after["date"]) < today:
            continue
        rows.append(
            _row(
                uow,
                lesson.organization_id,
                lesson.academic_year,
                lesson.learners_id,
                kind,
                lesson.date,
                number=lesson.number,
                source_id=lesson.id,
                journal_id=lesson.journal_id,
                old={} if new else _kept(before),
                new=_kept(after),
            )
        )
    await repository.add(uow.session, rows)


async def tell_classes(
    uow: UnitOfWork,
    kind: Kind,
    organization_id: UUID,
    academic_year: int,
    learners_ids: Collection[UUID],
    source_id: UUID,
    since: dt.date,
    until: dt.date | None = None,
    text: str | None = None,
) -> None:
    """Tell classes once of what happens to them on days of [since, until); of their subgroups, the classes."""
    groups = await rosters.learners(uow, learners_ids)
    told = {groups[key].class_id or key if key in groups else key for key in learners_ids}
    more = {"source_id": source_id, "until": until, "text": text}
    rows = [_row(uow, organization_id, academic_year, key, kind, since, **more) for key in sorted(told)]
    await repository.add(uow.session, rows)


def _row(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    learners_id: UUID,
    kind: Kind,
    date: dt.date,
    **more: Any,
) -> dict[str, Any]:
    return {
        "organization_id": organization_id,
        "academic_year": academic_year,
        "id": new_id(),
        "learners_id": learners_id,
        "kind": kind.value,
        "date": date,
        "until": None,
        "number": None,
        "journal_id": None,
        "old": {},
        "new": {},
        "text": None,
        "made_at": uow.now,
        **more,
    }


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if value is None or isinstance(value, int) else str(value) for name, value in values.items()}


async def of_class(
    uow: UnitOfWork, principal: Principal, learners_id: UUID, after: UUID | None, limit: int
) -> tuple[Sequence[Notice], Names]:
    """Notices to a class with the groups of its students, the newest first, one more than ``limit``; audited.

    Raises ``ForbiddenError`` to a teacher who does not lead it today.
    """
    group = await rosters.visible_learners(uow, principal, learners_id)
    if principal.role is Role.TEACHER and not await staff.leads(
        uow, principal.person_id, {group.class_id or group.id}, uow.clock.today()
    ):
        raise ForbiddenError
    key = group.organization_id, group.academic_year
    learners = {learners_id, *await rosters.beside_class(uow, *key, learners_id)}
    found = await repository.of_learners(uow.session, *key, learners, after, limit)
    names = await _names(uow, found)
    await audit.record(uow, principal, "notices.read", sorted(names.teachers))
    return found, names


async def of_own(
    uow: UnitOfWork, principal: Principal, student_id: UUID, after: UUID | None, limit: int
) -> tuple[Sequence[Notice], Names]:
    """Notices to the groups of the caller, or of a child the caller may see today; anyone else finds nothing."""
    if not await rosters.is_family(uow, principal, student_id):
        raise NotFoundError
    found = await of_student(uow, student_id, after, limit)
    return found, await _names(uow, found)


async def of_student(uow: UnitOfWork, student_id: UUID, after: UUID | None, limit: int) -> Sequence[Notice]:
    """Notices about days on which the student is with whom they are to, the newest first, one more than ``limit``.

    Those of the last month and of what is to come. Whose they may be, the caller has asked.
    """
    today = uow.clock.today()
    stays = await rosters.stays(uow, student_id, today - _BACK, today + _AHEAD)
    return await repository.of_stays(uow.session, stays, after, limit)


async def _names(uow: UnitOfWork, found: Sequence[Notice]) -> Names:
    sides = [side for one in found for side in (one.old, one.new)]
    rooms: dict[UUID, str] = {}
    if any(side.get("room_id") for side in sides):
        for organization_id in {one.organization_id for one in found}:
            rooms |= {key: one.number for key, one in (await study.rooms_of(uow, organization_id)).items()}
    groups = await rosters.learners(uow, {one.learners_id for one in found})
    return Names(
        subjects=await planning.subjects_of_journals(uow.session, {one.journal_id for one in found if one.journal_id}),
        learners={key: one.name for key, one in groups.items()},
        teachers=await staff.names_of(uow, {UUID(side["teacher_id"]) for side in sides if side.get("teacher_id")}),
        rooms=rooms,
    )
