"""One lesson planned by hand: added, moved, cancelled, restored, given to another teacher or room; each with its reason."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.assessments import service as assessments
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.planning import LessonChange, Reason
from sgo_journal.lessons.service import Lesson
from sgo_journal.notices import service as notices
from sgo_journal.people import author
from sgo_journal.study import service as study
from sgo_journal.switches import service as switches
from sgo_journal.timetable import gathering, judging
from sgo_journal.timetable.errors import (
    ConflictsError,
    LessonPlanError,
    LessonStateError,
    NotStudyDayError,
    TookPlaceError,
)
from sgo_journal.timetable.schemas import LessonAddIn, LessonSlotPatch

__all__ = ["LessonChange"]

_DAY = dt.timedelta(days=1)
_MOVED = "Урок перенесён"
_CHANGED = "Изменён учитель или кабинет"
_CANCELLED = "Урок отменён"
"""Notes of lessons, which all read. The reason may tell of somebody's health: it stands in the history, for the office alone."""


def _reason(uow: UnitOfWork, principal: Principal, text: str) -> Reason:
    return Reason(text, author(principal), uow.now)


async def _held(uow: UnitOfWork, principal: Principal, lesson_id: UUID, version: int) -> Lesson:
    """A lesson the caller may plan, with the organization's timetable held; raises ``TookPlaceError``.

    One that a timetable took away meanwhile is not found.
    """
    seen = await lessons.visible(uow, principal, lesson_id)
    await planning.hold(uow.session, seen.organization_id)
    held = await planning.by_ids(uow.session, seen.organization_id, seen.academic_year, {lesson_id}, hold=True)
    if (lesson := held.get(lesson_id)) is None:
        raise NotFoundError
    if lesson.version != version:
        raise VersionMismatchError
    if lesson.date < uow.clock.today() or planning.recorded(lesson):
        raise TookPlaceError
    return lesson


async def _require_room(uow: UnitOfWork, lesson: Lesson) -> tuple[dt.time, dt.time]:
    """When the lesson is by the bells of its day; raises ``NotStudyDayError``, ``ConflictsError``.

    The bells decide, so that a lesson that was moved keeps no times of another day.
    """
    organization_id, academic_year, day = lesson.organization_id, lesson.academic_year, lesson.date
    year = await gathering.year_of(uow, organization_id, academic_year)
    standing = await planning.live_on(uow.session, organization_id, academic_year, [day])
    scene = await gathering.scene(
        uow, organization_id, academic_year, {one.journal_id for one in standing} | {lesson.journal_id},
        day, day + _DAY,
    )  # fmt: skip
    slot = scene.slot(lesson, year)
    if slot is None or not slot.learners.since <= day < slot.learners.until:
        raise NotStudyDayError
    scene = replace(scene, bans=[*scene.bans, *await gathering.events(uow, organization_id, day, day + _DAY)])
    others = [there for one in standing if one.id != lesson.id and (there := scene.slot(one, year)) is not None]
    await judging.require_room_for(uow, scene, [slot], others)
    return slot.starts_at, slot.ends_at


async def _check_named(uow: UnitOfWork, organization_id: UUID, values: Mapping[str, Any]) -> None:
    room_id = values.get("room_id")
    rooms = await study.rooms_of(uow, organization_id) if room_id is not None else {}
    if room_id is not None and (room_id not in rooms or not rooms[room_id].active):
        raise LessonPlanError(errors=[FieldError("/body/room_id", "lesson.room-unknown", "Нет такого кабинета")])
    teacher_id = values.get("teacher_id")
    if teacher_id is not None and not await journals.teachers_among(uow, organization_id, [teacher_id]):
        raise LessonPlanError(errors=[FieldError("/body/teacher_id", "lesson.teacher-unknown", "Нет такого педагога")])


def _taken() -> ConflictsError:
    title = "У этого журнала в этот день уже есть урок под этим номером"
    return ConflictsError(errors=[FieldError("/body/number", "timetable.learners-busy", title)])


async def add(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: LessonAddIn) -> Lesson:
    """Add a lesson beside the timetable; raises ``LessonPlanError``, ``NotStudyDayError``, ``ConflictsError``."""
    await require_visible(uow, principal, organization_id)
    await planning.hold(uow.session, organization_id)
    journal = (await journals.known(uow, organization_id, {body.journal_id})).get(body.journal_id)
    if journal is None:
        raise LessonPlanError(errors=[FieldError("/body/journal_id", "lesson.journal-unknown", "Нет такого журнала")])
    if body.date < uow.clock.today():
        raise LessonPlanError(errors=[FieldError("/body/date", "lesson.in-past", "Этот день уже прошёл")])
    values = body.model_dump(exclude={"reason"})
    await _check_named(uow, organization_id, values)
    if values["teacher_id"] is None:
        sole = await journals.sole_teachers(uow, organization_id, journal.academic_year, {journal.id}, body.date)
        values["teacher_id"] = sole.get(journal.id)
    row = planning.new_lesson(
        organization_id, journal.academic_year, uow.now, learners_id=journal.learners_id, by_hand=True, **values
    )
    row["starts_at"], row["ends_at"] = await _require_room(uow, Lesson(**row))
    try:
        await planning.add(uow.session, [row])
    except IntegrityError:
        raise _taken() from None
    await planning.keep_added(uow.session, [row], _reason(uow, principal, body.reason))
    await notices.tell_of_lessons(uow, notices.Kind.ADDED, [(Lesson(**row), {})], new=True)
    await switches.put_added_under(uow, await lessons.visible(uow, principal, row["id"]), author(principal))
    return await lessons.visible(uow, principal, row["id"])


async def move(uow: UnitOfWork, principal: Principal, lesson_id: UUID, version: int, body: LessonSlotPatch) -> Lesson:
    """Give a lesson another day, number, room or teacher; raises ``TookPlaceError``, ``LessonStateError`` and what ``add`` does."""
    lesson = await _held(uow, principal, lesson_id, version)
    if lesson.state != "planned":
        raise LessonStateError("Урок отменён: сначала восстановите его")
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    if values.get("date", lesson.date) < uow.clock.today():
        raise LessonPlanError(errors=[FieldError("/body/date", "lesson.in-past", "Этот день уже прошёл")])
    await _check_named(uow, lesson.organization_id, values)
    return await _replan(uow, lesson, values, "changed", _reason(uow, principal, body.reason))


async def cancel(uow: UnitOfWork, principal: Principal, lesson_id: UUID, version: int, reason: str) -> Lesson:
    """Cancel a lesson; what was put into it stays."""
    lesson = await _held(uow, principal, lesson_id, version)
    if lesson.state != "planned":
        raise LessonStateError("Урок уже отменён")
    why = _reason(uow, principal, reason)
    values = {"state": "cancelled", "by_hand": True, "note": _CANCELLED}
    await planning.change(uow.session, [(lesson, values)], "cancelled", why)
    await notices.tell_of_lessons(uow, notices.Kind.CANCELLED, [(lesson, values)])
    await uow.session.refresh(lesson)
    return lesson


async def restore(uow: UnitOfWork, principal: Principal, lesson_id: UUID, version: int, reason: str) -> Lesson:
    """Bring a cancelled lesson back, if its place is free still."""
    lesson = await _held(uow, principal, lesson_id, version)
    if lesson.state != "cancelled":
        raise LessonStateError("Урок не отменён")
    values = {"state": "planned", **await switches.decided_by_hand(uow, lesson)}
    return await _replan(uow, lesson, values, "restored", _reason(uow, principal, reason))


async def _replan(
    uow: UnitOfWork, lesson: Lesson, values: Mapping[str, Any], action: planning.Action, reason: Reason
) -> Lesson:
    columns, before = [column.key for column in Lesson.__table__.c], lesson.date
    wanted = Lesson(**{name: getattr(lesson, name) for name in columns} | dict(values))
    if (wanted.date, wanted.number) != (lesson.date, lesson.number):
        wanted.starts_at = wanted.ends_at = None
    starts_at, ends_at = await _require_room(uow, wanted)
    if wanted.date != lesson.date or wanted.state != lesson.state:
        await assessments.require_within_limits(uow, wanted)
    changed = {**values, "starts_at": starts_at, "ends_at": ends_at, "by_hand": True}
    if action == "changed":
        changed["note"] = _MOVED if {"date", "number"} & values.keys() else _CHANGED
    try:
        await planning.change(uow.session, [(lesson, changed)], action, reason)
    except IntegrityError:
        raise _taken() from None
    await notices.tell_of_lessons(uow, _told(action, values), [(lesson, changed)])
    await uow.session.refresh(lesson)
    if wanted.date != before:
        await switches.put_added_under(uow, lesson, reason.by)
        await uow.session.refresh(lesson)
    return lesson


def _told(action: planning.Action, values: Mapping[str, Any]) -> notices.Kind:
    if action == "restored":
        return notices.Kind.RESTORED
    return notices.Kind.MOVED if {"date", "number"} & values.keys() else notices.Kind.CHANGED


async def history(
    uow: UnitOfWork, principal: Principal, lesson_id: UUID, after: UUID | None, limit: int
) -> Sequence[LessonChange]:
    """Who moved, cancelled or restored a lesson, when and why, one more than ``limit``; audited."""
    lesson = await lessons.visible(uow, principal, lesson_id)
    found = await planning.history(uow.session, lesson, after, limit)
    named = {one.get("teacher_id") for change in found[:limit] for one in (change.old, change.new)} - {None}
    await audit.record(uow, principal, "lesson.planning", sorted(UUID(one) for one in named))
    return found
