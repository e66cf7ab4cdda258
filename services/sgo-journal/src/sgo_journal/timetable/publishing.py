"""Publishing a timetable: its lines become lessons, those that stand follow, what took place stays."""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import runs
from servicekit.errors import VersionMismatchError
from servicekit.runs import Run, RunContext
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.assessments import service as assessments
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.planning import Reason
from sgo_journal.lessons.service import Lesson
from sgo_journal.notices import service as notices
from sgo_journal.people import author
from sgo_journal.switches import service as switches
from sgo_journal.timetable import gathering, judging, repository, service
from sgo_journal.timetable.dating import Year, dated
from sgo_journal.timetable.errors import NotADraftError, PublishedInPastError, PublishedLaterError
from sgo_journal.timetable.gathering import Scene
from sgo_journal.timetable.matching import Changes, Standard, Standing, matched
from sgo_journal.timetable.model import Timetable
from sgo_journal.timetable.values import Slot

KIND = "timetable.publish"


async def queue(uow: UnitOfWork, principal: Principal, timetable_id: UUID, version: int, valid_from: dt.date) -> Run:
    """Queue the publication of a draft from a day on; raises what can be said at once."""
    timetable = await service.visible(uow, principal, timetable_id)
    if timetable.version != version:
        raise VersionMismatchError
    await _check(uow, timetable, valid_from)
    params = {
        "timetable_id": str(timetable_id),
        "version": version,
        "valid_from": valid_from.isoformat(),
        "by": str(author(principal)),
    }
    return await runs.start(uow, principal, KIND, params)


async def _check(uow: UnitOfWork, timetable: Timetable, since: dt.date) -> None:
    if timetable.state != "draft":
        raise NotADraftError
    if since < uow.clock.today() or not timetable.valid_from <= since < timetable.valid_to:
        raise PublishedInPastError


async def publish(context: RunContext) -> None:
    """Carry a publication out, in one transaction: a timetable holds whole or not at all."""
    since = dt.date.fromisoformat(context.params["valid_from"])
    async with context.runtime.uow() as uow:
        timetable = await repository.one(uow.session, UUID(context.params["timetable_id"]))
        assert timetable is not None
        await planning.hold(uow.session, timetable.organization_id)
        await uow.session.refresh(timetable)
        if timetable.version != context.params["version"]:
            raise VersionMismatchError
        await _check(uow, timetable, since)
        timetable.valid_from = since
        (await judging.judge_template(uow, timetable, await repository.lines(uow.session, timetable))).require_none()
        await _replace_earlier(uow, timetable)
        reason = Reason(f"Расписание с {since:%d.%m.%Y}", UUID(context.params["by"]), uow.now)
        result = await _lessons(context, uow, timetable, reason)
        timetable.state, timetable.version = "published", timetable.version + 1
        timetable.published_at, timetable.published_by = uow.now, reason.by
        await context.succeed(uow, result)


async def _replace_earlier(uow: UnitOfWork, timetable: Timetable) -> None:
    """Cut timetables in force short where the new one begins; raises ``PublishedLaterError``."""
    for other in await repository.published(uow.session, timetable.organization_id, timetable.academic_year):
        if other.valid_to <= timetable.valid_from or other.valid_from >= timetable.valid_to:
            continue
        if other.valid_from < timetable.valid_from:
            if other.valid_to > timetable.valid_to:
                raise PublishedLaterError
            other.valid_to = timetable.valid_from
        elif other.valid_to > timetable.valid_to:
            raise PublishedLaterError
        else:
            other.state = "replaced"
        other.version += 1
    await uow.session.flush()


async def _lessons(context: RunContext, uow: UnitOfWork, timetable: Timetable, reason: Reason) -> dict[str, Any]:
    organization_id, academic_year = timetable.organization_id, timetable.academic_year
    since, until = timetable.valid_from, timetable.valid_to
    rows = await repository.lines(uow.session, timetable)
    await journals.hold_all(uow, organization_id, academic_year)
    standing = await planning.planned_between(uow.session, organization_id, academic_year, since, until)
    journal_ids = {row.journal_id for row in rows} | {lesson.journal_id for lesson, _ in standing}
    scene = await gathering.scene(uow, organization_id, academic_year, journal_ids, since, until)
    year = await gathering.year_of(uow, organization_id, academic_year)
    lines = [line for row in rows if (line := scene.line(row)) is not None]
    by_id = {lesson.id: lesson for lesson, _ in standing}
    concerned = _concerned(standing, scene, year, since, uow.clock.today())
    slots = await asyncio.to_thread(dated, lines, year, since, until)
    days = {(slot.journal_id, slot.learners.id, slot.day) for slot in slots}
    closed = await lessons.closed_days(uow, organization_id, academic_year, days)
    changes = await asyncio.to_thread(matched, slots, concerned, closed)
    await context.progress(0, changes.size)
    await _require_room(uow, scene, changes, concerned, by_id)
    await _write(context, uow, timetable, changes, by_id, reason)
    await assessments.require_all_within_limits(uow, organization_id, _elsewhere(changes), since, until)
    await _tell(uow, timetable, changes)
    await switches.put_new_under(uow, organization_id, academic_year, since, until, reason.by)
    return {
        "created": len(changes.created),
        "moved": len(changes.moved),
        "cancelled": len(changes.cancelled),
        "deleted": len(changes.deleted),
    }


def _concerned(
    standing: Sequence[tuple[Lesson, bool]], scene: Scene, year: Year, since: dt.date, today: dt.date
) -> list[Standard]:
    """Lessons that stand as the engine takes them. One without learners or hours any more is left as it is."""
    found = []
    for lesson, content in standing:
        slot = scene.slot(lesson, year)
        if slot is None:
            continue
        place = (
            lesson.planned_date or lesson.date,
            lesson.number if lesson.planned_number is None else lesson.planned_number,
        )
        found.append(Standard(slot, place, standing_of(lesson, since, today), content))
    return found


def standing_of(lesson: Lesson, since: dt.date, today: dt.date) -> Standing:
    """What a timetable published from a day on may do with a lesson."""
    if lesson.planned_date is None or lesson.planned_date < since:
        return Standing.EXTRA
    if lesson.by_hand or lesson.switch_id is not None or planning.recorded(lesson) or lesson.date <= today:
        return Standing.HELD
    return Standing.SPARE if lesson.state == "cancelled" else Standing.PLANNED


async def _require_room(
    uow: UnitOfWork,
    scene: Scene,
    changes: Changes,
    concerned: Sequence[Standard],
    by_id: Mapping[UUID, Lesson],
) -> None:
    """New places must be free of the lessons that no timetable moves; among themselves the template was judged."""
    gone = {one.id for one in (*changes.cancelled, *changes.deleted)} | {move.lesson.id for move in changes.moved}
    kept = [one for one in concerned if one.id not in gone and by_id[one.id].state == "planned"]
    fixed = [one.slot for one in kept if one.standing in {Standing.HELD, Standing.EXTRA}]
    days = {slot.day for slot in fixed}
    new = [*(slot for slot in changes.created if slot.day in days)]
    new += [slot for move in changes.moved if (slot := move.slot).day in days]
    await judging.require_room_for(uow, replace(scene, bans=()), new, fixed)


def _elsewhere(changes: Changes) -> set[UUID]:
    """Lessons that are held on another day than before, or after all."""
    return {move.lesson.id for move in changes.moved if move.restored or move.slot.day != move.lesson.slot.day}


async def _tell(uow: UnitOfWork, timetable: Timetable, changes: Changes) -> None:
    """Tell the classes whose weeks are otherwise."""
    slots = [*changes.created, *(move.slot for move in changes.moved)]
    slots += [one.slot for one in (*changes.cancelled, *changes.deleted)]
    key = timetable.organization_id, timetable.academic_year
    learners = {slot.learners.id for slot in slots}
    await notices.tell_classes(uow, notices.Kind.TIMETABLE, *key, learners, timetable.id, timetable.valid_from)


def _placed(slot: Slot) -> dict[str, Any]:
    return {
        "date": slot.day,
        "number": slot.number,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "teacher_id": slot.teachers[0] if slot.teachers else None,
        "room_id": slot.room_id,
        "line_id": slot.source,
        "planned_date": slot.day,
        "planned_number": slot.number,
    }


async def _write(
    context: RunContext,
    uow: UnitOfWork,
    timetable: Timetable,
    changes: Changes,
    by_id: Mapping[UUID, Lesson],
    reason: Reason,
) -> None:
    session = uow.session
    await planning.remove(session, [by_id[one.id] for one in changes.deleted], reason)
    cancelled = [(by_id[one.id], {"state": "cancelled", "note": reason.text}) for one in changes.cancelled]
    await planning.change(session, cancelled, "cancelled", reason)
    moves = [(by_id[move.lesson.id], _placed(move.slot)) for move in changes.moved if not move.restored]
    await planning.change(session, moves, "changed", reason)
    restored = [
        (by_id[move.lesson.id], {**_placed(move.slot), "state": "planned", "note": None})
        for move in changes.moved
        if move.restored
    ]
    await planning.change(session, restored, "restored", reason)
    await context.progress(changes.size - len(changes.created), changes.size)
    await planning.add(
        session,
        [
            planning.new_lesson(
                timetable.organization_id,
                timetable.academic_year,
                uow.now,
                journal_id=slot.journal_id,
                learners_id=slot.learners.id,
                **_placed(slot),
            )
            for slot in changes.created
        ],
    )
