"""Use cases of timetables as drafts: made, copied, edited, judged; and of what teachers and rooms cannot do."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.lessons.service import Lesson
from sgo_journal.study import service as study
from sgo_journal.timetable import gathering, judging, repository
from sgo_journal.timetable.difficulty import Day, by_the_rules
from sgo_journal.timetable.errors import (
    LinePlaceTakenError,
    LinesInvalidError,
    NotADraftError,
    TimetableIntervalError,
    UnavailabilityInvalidError,
)
from sgo_journal.timetable.model import Timetable, TimetableLine, Unavailability
from sgo_journal.timetable.schemas import LineIn, LinesIn, PointsIn, TimetableIn, TimetablePatch, UnavailabilityIn
from sgo_journal.timetable.values import Ban, Bound, Parity

__all__ = ["Timetable", "TimetableLine", "Unavailability"]


async def visible(uow: UnitOfWork, principal: Principal, timetable_id: UUID) -> Timetable:
    """A timetable of an organization the caller sees, or ``NotFoundError``."""
    timetable = await repository.one(uow.session, timetable_id)
    if timetable is None:
        raise NotFoundError
    await require_visible(uow, principal, timetable.organization_id)
    return timetable


async def list_timetables(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Timetable]:
    """Timetables of an organization the caller sees, one more than ``limit``."""
    await require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, academic_year, after, limit)


async def list_lines(
    uow: UnitOfWork, principal: Principal, timetable_id: UUID, after: UUID | None, limit: int
) -> Sequence[TimetableLine]:
    """Lines of a timetable, one more than ``limit``."""
    return await repository.lines_page(uow.session, await visible(uow, principal, timetable_id), after, limit)


async def create(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: TimetableIn) -> Timetable:
    """Make a draft, empty or with the lines of another timetable of the year; raises ``TimetableIntervalError``."""
    await require_visible(uow, principal, organization_id)
    copied = None if body.copy_of is None else await repository.one(uow.session, body.copy_of)
    if body.copy_of is not None and (
        copied is None or (copied.organization_id, copied.academic_year) != (organization_id, body.academic_year)
    ):
        raise NotFoundError
    year = await gathering.year_of(uow, organization_id, body.academic_year)
    timetable = Timetable(
        organization_id=organization_id,
        academic_year=body.academic_year,
        id=new_id(),
        title=body.title,
        state="draft",
        valid_from=body.valid_from,
        valid_to=body.valid_to or year.until,
        version=1,
        created_at=uow.now,
        published_at=None,
        published_by=None,
    )
    _check_interval(timetable.valid_from, timetable.valid_to, year.calendar.first_day, year.until)
    uow.session.add(timetable)
    await uow.session.flush()
    if copied is not None:
        columns = [column.key for column in TimetableLine.__table__.c]
        rows = [{name: getattr(line, name) for name in columns} for line in await repository.lines(uow.session, copied)]
        await repository.put_in(uow.session, [{**row, "id": new_id(), "timetable_id": timetable.id} for row in rows])
    return timetable


def _check_interval(since: dt.date, until: dt.date, first: dt.date, after: dt.date) -> None:
    if not first <= since < until <= after:
        raise TimetableIntervalError


async def _draft(uow: UnitOfWork, principal: Principal, timetable_id: UUID) -> Timetable:
    """A draft, with the organization's timetables held."""
    timetable = await visible(uow, principal, timetable_id)
    await planning.hold(uow.session, timetable.organization_id)
    timetable = await visible(uow, principal, timetable_id)
    if timetable.state != "draft":
        raise NotADraftError
    return timetable


async def change(
    uow: UnitOfWork, principal: Principal, timetable_id: UUID, version: int, body: TimetablePatch
) -> Timetable:
    """Change the title or the days of a draft."""
    timetable = await _draft(uow, principal, timetable_id)
    values = body.model_dump(exclude_unset=True)
    year = await gathering.year_of(uow, timetable.organization_id, timetable.academic_year)
    since, until = values.get("valid_from", timetable.valid_from), values.get("valid_to", timetable.valid_to)
    _check_interval(since, until, year.calendar.first_day, year.until)
    return await _changed(uow, timetable, version, values)


async def _changed(uow: UnitOfWork, timetable: Timetable, version: int, values: Mapping[str, Any]) -> Timetable:
    if not await repository.change(uow.session, timetable, version, values):
        raise VersionMismatchError
    await uow.session.refresh(timetable)
    return timetable


async def edit_lines(
    uow: UnitOfWork, principal: Principal, timetable_id: UUID, version: int, body: LinesIn
) -> Timetable:
    """Put lines into a draft and take lines out, all or none; raises ``LinesInvalidError``, ``LinePlaceTakenError``.

    A line that names no teacher gets the one who teaches in the journal, if it is one.
    """
    timetable = await _draft(uow, principal, timetable_id)
    changed = await _changed(uow, timetable, version, {})
    named = {line.id for line in body.put if line.id is not None}
    wrong = [*await _wrong_lines(uow, timetable, body.put)]
    gone = await repository.take_out(uow.session, timetable, named | set(body.removed))
    wrong += [
        FieldError(f"/body/put/{place}/id", "timetable.line-unknown", "Нет такой строки в расписании")
        for place, line in enumerate(body.put)
        if line.id is not None and line.id not in gone
    ]
    wrong += [
        FieldError(f"/body/removed/{place}", "timetable.line-unknown", "Нет такой строки в расписании")
        for place, line_id in enumerate(body.removed)
        if line_id not in gone or line_id in named
    ]
    if len(named) < sum(line.id is not None for line in body.put):
        wrong.append(FieldError("/body/put", "timetable.line-twice", "Строка указана дважды"))
    if wrong:
        raise LinesInvalidError(errors=wrong)
    key = {"organization_id": timetable.organization_id, "academic_year": timetable.academic_year}
    teachers = await journals.sole_teachers(
        uow,
        timetable.organization_id,
        timetable.academic_year,
        {line.journal_id for line in body.put},
        timetable.valid_from,
    )
    rows = [
        {
            **key,
            "timetable_id": timetable.id,
            **line.model_dump(),
            "id": line.id or new_id(),
            "teacher_id": line.teacher_id or teachers.get(line.journal_id),
        }
        for line in body.put
    ]
    try:
        await repository.put_in(uow.session, rows)
    except IntegrityError:
        raise LinePlaceTakenError from None
    return changed


async def _wrong_lines(uow: UnitOfWork, timetable: Timetable, put: Sequence[LineIn]) -> list[FieldError]:
    known = await journals.known(uow, timetable.organization_id, {line.journal_id for line in put})
    rooms = await study.rooms_of(uow, timetable.organization_id)
    named = {line.teacher_id for line in put if line.teacher_id is not None}
    teachers = await journals.teachers_among(uow, timetable.organization_id, named)
    wrong = []
    for place, line in enumerate(put):
        journal = known.get(line.journal_id)
        if journal is None or journal.academic_year != timetable.academic_year:
            wrong.append(FieldError(f"/body/put/{place}/journal_id", "lesson.journal-unknown", "Нет такого журнала"))
        if line.room_id is not None and (line.room_id not in rooms or not rooms[line.room_id].active):
            wrong.append(FieldError(f"/body/put/{place}/room_id", "lesson.room-unknown", "Нет такого кабинета"))
        if line.teacher_id is not None and line.teacher_id not in teachers:
            wrong.append(FieldError(f"/body/put/{place}/teacher_id", "lesson.teacher-unknown", "Нет такого педагога"))
    return wrong


async def conflicts(uow: UnitOfWork, principal: Principal, timetable_id: UUID) -> judging.Judgement:
    """Everything that keeps a timetable from being published on its days."""
    timetable = await visible(uow, principal, timetable_id)
    lines = await repository.lines(uow.session, timetable)
    return await judging.judge_template(uow, timetable, lines)


async def remarks(
    uow: UnitOfWork, principal: Principal, timetable_id: UUID
) -> Sequence[tuple[UUID, Parity, list[Day]]]:
    """What sanitary rules have against the weeks of each class, odd and even."""
    timetable = await visible(uow, principal, timetable_id)
    lines = await repository.lines(uow.session, timetable)
    return await judging.remarks_on(uow, timetable, lines)


async def declare_unavailable(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: UnavailabilityIn
) -> Unavailability:
    """Declare when a teacher or a room cannot be had; raises ``UnavailabilityInvalidError``."""
    await require_visible(uow, principal, organization_id)
    year = await gathering.year_of(uow, organization_id, body.academic_year)
    within = year.calendar.first_day <= body.valid_from < body.valid_to <= year.until
    if not within:
        raise UnavailabilityInvalidError("Даты должны лежать в учебном году")
    if body.kind == "room" and body.resource_id not in await study.rooms_of(uow, organization_id):
        raise UnavailabilityInvalidError("Нет такого кабинета")
    if body.kind == "teacher" and not await journals.teachers_among(uow, organization_id, [body.resource_id]):
        raise UnavailabilityInvalidError("Нет такого педагога")
    declared = Unavailability(organization_id=organization_id, id=new_id(), version=1, **body.model_dump())
    uow.session.add(declared)
    await uow.session.flush()
    return declared


async def list_unavailable(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    after: UUID | None,
    limit: int,
) -> Sequence[Unavailability]:
    """When teachers and rooms of an organization cannot be had, one more than ``limit``; ``filters`` by column; audited."""
    await require_visible(uow, principal, organization_id)
    found = await repository.unavailability_page(uow.session, organization_id, filters, after, limit)
    teachers = {one.resource_id for one in found[:limit] if one.kind == Bound.TEACHER}
    await audit.record(uow, principal, "unavailability.list", sorted(teachers))
    return found


async def withdraw_unavailable(uow: UnitOfWork, principal: Principal, unavailability_id: UUID) -> None:
    """Take a declared unavailability back."""
    declared = await repository.one_unavailability(uow.session, unavailability_id)
    if declared is None:
        raise NotFoundError
    await require_visible(uow, principal, declared.organization_id)
    await uow.session.delete(declared)
    await uow.session.flush()


async def share_room(uow: UnitOfWork, principal: Principal, organization_id: UUID, room_id: UUID, lessons: int) -> None:
    """Say how many lessons a room takes at once."""
    await require_visible(uow, principal, organization_id)
    if room_id not in await study.rooms_of(uow, organization_id):
        raise NotFoundError
    await repository.share_room(uow.session, organization_id, room_id, lessons)


async def shared_rooms(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> Mapping[UUID, int]:
    """Rooms that take several lessons at once."""
    await require_visible(uow, principal, organization_id)
    return await repository.shared_rooms(uow.session, organization_id)


async def points_of(
    uow: UnitOfWork, principal: Principal, organization_id: UUID
) -> tuple[Mapping[tuple[int, str], tuple[int, bool]], int]:
    """How hard subjects are by grade and code, and whether by the organization's own judgement; the version, 0 where it has none."""
    await require_visible(uow, principal, organization_id)
    row = await repository.points(uow.session, organization_id)
    own = {} if row is None else judging.own_points(row.points)
    points = {key: (value, False) for key, value in by_the_rules().items()}
    return {**points, **{key: (value, True) for key, value in own.items()}}, 0 if row is None else row.version


async def set_points(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, version: int, judged: Sequence[PointsIn]
) -> None:
    """Judge subjects otherwise than the sanitary rules; what is left out goes by the rules again."""
    await require_visible(uow, principal, organization_id)
    rows = [one.model_dump() for one in judged]
    if not await repository.set_points(uow.session, organization_id, version, rows):
        raise VersionMismatchError


async def hold(uow: UnitOfWork, organization_id: UUID) -> None:
    """Let nobody else plan lessons of the organization until the transaction ends."""
    await planning.hold(uow.session, organization_id)


async def require_room_for(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    lessons: Sequence[Lesson],
    *,
    bans: Collection[Ban] = (),
    declared: bool = True,
    without: Collection[UUID] = (),
) -> None:
    """Raise ``ConflictsError`` if lessons could not be held beside those that stand. One that no bell rings for is judged by bans alone.

    ``bans`` hold besides those that were ``declared``, if they are asked about; lessons ``without`` which it is judged leave their
    places.
    """
    if not lessons:
        return
    dates = {lesson.date for lesson in lessons}
    standing = await planning.live_on(uow.session, organization_id, academic_year, dates)
    year = await gathering.year_of(uow, organization_id, academic_year)
    scene = await gathering.scene(
        uow,
        organization_id,
        academic_year,
        {one.journal_id for one in (*standing, *lessons)},
        min(dates),
        max(dates) + dt.timedelta(days=1),
    )
    held = await gathering.events(uow, organization_id, min(dates), max(dates) + dt.timedelta(days=1))
    scene = replace(scene, bans=[*(scene.bans if declared else ()), *bans, *held])
    asked = {lesson.id for lesson in lessons} | set(without)
    new = [dated for lesson in lessons if (dated := scene.dated(lesson, year)) is not None]
    there = [slot for one in standing if one.id not in asked and (slot := scene.slot(one, year)) is not None]
    await judging.require_room_for(uow, scene, new, there)
