"""Giving lessons of an absent teacher to others, and giving them back: many at once, all or none."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from servicekit.errors import FieldError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.lessons import planning
from sgo_journal.lessons.planning import Reason
from sgo_journal.lessons.service import Lesson
from sgo_journal.notices import service as notices
from sgo_journal.people import author
from sgo_journal.staff import service as staff
from sgo_journal.substitutions import repository, service
from sgo_journal.substitutions.competence import competence
from sgo_journal.substitutions.errors import SubstitutionsChangedError, SubstitutionsInvalidError
from sgo_journal.substitutions.model import Absence, Substitution
from sgo_journal.substitutions.proposing import combines, is_missed
from sgo_journal.substitutions.schemas import ArrangementIn, LessonRef
from sgo_journal.switches import service as switches
from sgo_journal.timetable import gathering
from sgo_journal.timetable import service as timetable

_DAY = dt.timedelta(days=1)
_REPLACED = "Замена"
_CANCELLED = "Отменён: нет учителя"
_RESTORED = "Замена снята"
"""Notes of lessons and reasons of their history: why the teacher is away is nobody else's matter."""


async def arrange(
    uow: UnitOfWork, principal: Principal, absence_id: UUID, asked: Sequence[ArrangementIn]
) -> Sequence[Lesson]:
    """Give lessons to others, combine or cancel them.

    Raises ``SubstitutionsInvalidError``, ``SubstitutionsChangedError``, ``ConflictsError``, ``AbsenceWithdrawnError``.
    """
    absence = await service.in_force(uow, principal, absence_id)
    await timetable.hold(uow, absence.organization_id)
    absence = await service.in_force(uow, principal, absence_id)  # as it is now that nobody else arranges or withdraws
    own = await repository.of_absence(uow.session, absence)
    lessons = await _lessons(uow, absence, asked, own)
    arranged = await repository.of_lessons(uow.session, absence.organization_id, absence.academic_year, lessons.keys())
    for place, one in enumerate(asked):
        before = arranged.get(one.lesson_id)
        if lessons[one.lesson_id].state == "cancelled" and (before is None or before.kind != "cancelled"):
            error = FieldError(f"/body/lessons/{place}", "substitution.lesson-cancelled", "Урок отменён")
            raise SubstitutionsInvalidError(errors=[error])
    wanted = await _wanted(uow, absence, asked, lessons, arranged)
    replaced = [one.lesson_id for one in asked if one.action == "replace"]
    await _require_room(uow, absence, [_with(lessons[key], wanted[key]) for key in replaced], lessons.keys())
    kinds = await _kinds(uow, absence, asked, lessons)
    by = author(principal)
    await repository.end(uow.session, absence, lessons.keys(), by, uow.now)
    uow.session.add_all(
        Substitution(
            organization_id=absence.organization_id,
            academic_year=absence.academic_year,
            id=new_id(),
            lesson_id=key,
            kind=kinds[key],
            teacher_id=None if kinds[key] == "cancelled" else wanted[key]["teacher_id"],
            arranged_by=by,
            arranged_at=uow.now,
            ended_by=None,
            ended_at=None,
            **_own(absence, lesson, arranged.get(key)),
        )
        for key, lesson in lessons.items()
    )
    await uow.session.flush()
    given = [(lessons[key], {**wanted[key], **_noted(_REPLACED)}) for key in lessons if kinds[key] != "cancelled"]
    await planning.change(uow.session, given, "changed", Reason(_REPLACED, by, uow.now))
    await notices.tell_of_lessons(uow, notices.Kind.SUBSTITUTED, given)
    gone = [(lessons[key], {**wanted[key], **_noted(_CANCELLED)}) for key in lessons if kinds[key] == "cancelled"]
    await planning.change(uow.session, gone, "cancelled", Reason(_CANCELLED, by, uow.now))
    await notices.tell_of_lessons(uow, notices.Kind.CANCELLED, gone)
    return await _after(uow, absence, asked)


def _noted(note: str) -> dict[str, Any]:
    return {"by_hand": True, "note": note}


def _own(absence: Absence, lesson: Lesson, before: Substitution | None) -> dict[str, Any]:
    """For whose absence the lesson is arranged, and what restoring puts back.

    Of a lesson that is arranged for anew, what it was at first: when a substitute is away too, its own teacher stays who is replaced.
    """
    if before is None:
        return {
            "absence_id": absence.id,
            "own_teacher_id": lesson.teacher_id,
            "own_room_id": lesson.room_id,
            "was_by_hand": lesson.by_hand,
        }
    return {name: getattr(before, name) for name in ("absence_id", "own_teacher_id", "own_room_id", "was_by_hand")}


async def _lessons(
    uow: UnitOfWork, absence: Absence, asked: Sequence[LessonRef], arranged: Mapping[UUID, Substitution]
) -> Mapping[UUID, Lesson]:
    """The lessons asked about, all of the absence, open, and as they were read."""
    found = await planning.by_ids(
        uow.session, absence.organization_id, absence.academic_year, {one.lesson_id for one in asked}, hold=True
    )
    wrong, changed, seen = [], [], set()
    for place, one in enumerate(asked):
        pointer = f"/body/lessons/{place}"
        lesson = found.get(one.lesson_id)
        if one.lesson_id in seen:
            wrong.append(FieldError(pointer, "substitution.twice", "Урок указан дважды"))
        elif lesson is None or not (one.lesson_id in arranged or is_missed(absence, lesson)):
            wrong.append(FieldError(pointer, "substitution.not-missed", "Это не урок отсутствующего учителя"))
        elif lesson.date < uow.clock.today() or planning.recorded(lesson):
            wrong.append(FieldError(pointer, "lesson.took-place", "Урок уже состоялся или записан"))
        elif lesson.version != one.version:
            changed.append(FieldError(f"{pointer}/version", "version-mismatch", "Урок изменён после чтения"))
        seen.add(one.lesson_id)
    if wrong:
        raise SubstitutionsInvalidError(errors=wrong)
    if changed:
        raise SubstitutionsChangedError(errors=changed)
    return found


async def _wanted(
    uow: UnitOfWork,
    absence: Absence,
    asked: Sequence[ArrangementIn],
    lessons: Mapping[UUID, Lesson],
    arranged: Mapping[UUID, Substitution],
) -> Mapping[UUID, dict[str, Any]]:
    """What each lesson becomes; raises ``SubstitutionsInvalidError`` that names whatever cannot be."""
    teachers = await staff.teachers_of(uow, absence.organization_id)
    partners = await _partners(uow, absence, asked, lessons)
    wanted: dict[UUID, dict[str, Any]] = {}
    wrong: list[FieldError] = []
    for place, one in enumerate(asked):
        pointer = f"/body/lessons/{place}"
        if one.action == "cancel":
            wanted[one.lesson_id] = {"state": "cancelled"}
        elif one.action == "combine":
            partner = partners.get(one.lesson_id)
            if partner is None:
                title = "С этим уроком нельзя объединить: нужен урок другой подгруппы в то же время"
                wrong.append(FieldError(f"{pointer}/with_lesson_id", "substitution.no-partner", title))
                continue
            taken = {"teacher_id": partner.teacher_id, "room_id": partner.room_id}
            wanted[one.lesson_id] = {"state": "planned", **taken}
        elif one.teacher_id not in teachers or one.teacher_id == absence.teacher_id:
            wrong.append(FieldError(f"{pointer}/teacher_id", "substitution.teacher-unknown", "Нет такого педагога"))
        elif one.lesson_id in arranged and arranged[one.lesson_id].own_teacher_id == one.teacher_id:
            title = "Это собственный урок педагога: снимите замену"
            wrong.append(FieldError(f"{pointer}/teacher_id", "substitution.own-lesson", title))
        else:
            wanted[one.lesson_id] = {"state": "planned", "teacher_id": one.teacher_id}
    if wrong:
        raise SubstitutionsInvalidError(errors=wrong)
    return wanted


async def _partners(
    uow: UnitOfWork, absence: Absence, asked: Sequence[ArrangementIn], lessons: Mapping[UUID, Lesson]
) -> Mapping[UUID, Lesson]:
    """The lessons that others can be taught with, by the latter."""
    pairs = {one.lesson_id: one.with_lesson_id for one in asked if one.action == "combine" and one.with_lesson_id}
    if not pairs:
        return {}
    organization_id, academic_year = absence.organization_id, absence.academic_year
    found = await planning.by_ids(uow.session, organization_id, academic_year, set(pairs.values()))
    standing = {key: one for key, one in found.items() if key not in lessons and one.state == "planned"}
    every = (*lessons.values(), *standing.values())
    days = [one.date for one in every]
    scene = await gathering.scene(
        uow, organization_id, academic_year, {one.journal_id for one in every}, min(days), max(days) + _DAY
    )
    year = await gathering.year_of(uow, organization_id, academic_year)
    partners = {}
    for key, other in pairs.items():
        partner = standing.get(other)
        if partner is None or partner.teacher_id == absence.teacher_id:
            continue
        if combines(scene.dated(lessons[key], year), scene.dated(partner, year)):
            partners[key] = partner
    return partners


async def _kinds(
    uow: UnitOfWork, absence: Absence, asked: Sequence[ArrangementIn], lessons: Mapping[UUID, Lesson]
) -> Mapping[UUID, str]:
    of = await competence(
        uow, absence.organization_id, absence.academic_year, {one.journal_id for one in lessons.values()}
    )
    kinds = {}
    for one in asked:
        lesson = lessons[one.lesson_id]
        if one.action != "replace" or one.teacher_id is None:
            kinds[lesson.id] = "combined" if one.action == "combine" else "cancelled"
        else:
            same = of.same_subject(one.teacher_id, lesson.journal_id, lesson.date)
            kinds[lesson.id] = "subject" if same else "other"
    return kinds


def _with(lesson: Lesson, values: Mapping[str, Any]) -> Lesson:
    """The lesson as it is to be, for judging alone."""
    columns = [column.key for column in Lesson.__table__.c]
    return Lesson(**{name: getattr(lesson, name) for name in columns} | dict(values))


async def _require_room(
    uow: UnitOfWork,
    absence: Absence,
    wanted: Sequence[Lesson],
    without: Collection[UUID],
    *,
    back: bool = False,
) -> None:
    """Raise ``ConflictsError`` if the timetable's rules or somebody's absence are against it.

    A lesson goes ``back`` to its own teacher whoever is away: it is then one of those to be given to somebody.
    """
    if not wanted:
        return
    days = [one.date for one in wanted]
    key = absence.organization_id, absence.academic_year
    bans = [] if back else await service.bans(uow, *key, min(days), max(days) + _DAY)
    await timetable.require_room_for(uow, *key, wanted, bans=bans, without=without)


async def restore(
    uow: UnitOfWork, principal: Principal, absence_id: UUID, asked: Sequence[LessonRef]
) -> Sequence[Lesson]:
    """Give lessons back to their own teacher; raises what ``arrange`` does."""
    absence = await service.read(uow, principal, absence_id)
    await timetable.hold(uow, absence.organization_id)
    absence = await service.read(uow, principal, absence_id)
    arranged = await repository.of_absence(uow.session, absence)
    for place, one in enumerate(asked):
        if one.lesson_id not in arranged:
            error = FieldError(f"/body/lessons/{place}", "substitution.none", "Для этого урока замена не назначена")
            raise SubstitutionsInvalidError(errors=[error])
    lessons = await _lessons(uow, absence, asked, arranged)
    await _put_back(uow, principal, absence, list(lessons.values()), arranged)
    return await _after(uow, absence, asked)


async def withdraw(uow: UnitOfWork, principal: Principal, absence_id: UUID, version: int) -> Absence:
    """The teacher is not away after all: lessons of today and later that nobody has recorded go back; what took place stays."""
    absence = await service.in_force(uow, principal, absence_id)
    await timetable.hold(uow, absence.organization_id)
    values = {"withdrawn_by": author(principal), "withdrawn_at": uow.now}
    if not await repository.change(uow.session, absence, version, values):
        raise VersionMismatchError
    arranged = await repository.of_absence(uow.session, absence)
    found = await planning.by_ids(
        uow.session, absence.organization_id, absence.academic_year, arranged.keys(), hold=True
    )
    today = uow.clock.today()
    left = [one for one in found.values() if one.date >= today and not planning.recorded(one)]
    await _put_back(uow, principal, absence, left, arranged)
    await uow.session.refresh(absence)
    return absence


async def _put_back(
    uow: UnitOfWork,
    principal: Principal,
    absence: Absence,
    lessons: Sequence[Lesson],
    arranged: Mapping[UUID, Substitution],
) -> None:
    if not lessons:
        return
    values = {one.id: _before(one, arranged[one.id]) for one in lessons}
    keys = values.keys()
    held = [one for one in (_with(lesson, values[lesson.id]) for lesson in lessons) if one.state == "planned"]
    await _require_room(uow, absence, held, keys, back=True)
    by = author(principal)
    await repository.end(uow.session, absence, keys, by, uow.now)
    changed = [(one, values[one.id]) for one in lessons]
    await planning.change(uow.session, changed, "restored", Reason(_RESTORED, by, uow.now))
    await notices.tell_of_lessons(uow, notices.Kind.GIVEN_BACK, changed)
    await switches.drop_notes(uow, absence.organization_id, absence.academic_year, keys)


def _before(lesson: Lesson, arranged: Substitution) -> dict[str, Any]:
    """A lesson as it was; one that was moved since stays decided on by hand, in the room it has now.

    One that something else has cancelled since stays cancelled.
    """
    moved = lesson.planned_date is not None and (lesson.date, lesson.number) != (
        lesson.planned_date,
        lesson.planned_number,
    )
    back: dict[str, Any] = {"teacher_id": arranged.own_teacher_id}
    if arranged.kind == "cancelled":
        back["state"] = "planned"
    if lesson.note in {_REPLACED, _CANCELLED}:
        back["note"] = None
    if arranged.kind == "combined":
        back["room_id"] = arranged.own_room_id
    return {**back, "by_hand": arranged.was_by_hand or moved}


async def _after(uow: UnitOfWork, absence: Absence, asked: Sequence[LessonRef]) -> Sequence[Lesson]:
    ids = [one.lesson_id for one in asked]
    found = await planning.by_ids(uow.session, absence.organization_id, absence.academic_year, ids)
    return [found[key] for key in ids]
