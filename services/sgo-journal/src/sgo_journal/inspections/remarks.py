"""Use cases of remarks: made, answered, cleared or returned."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from asu_contracts.access import BODIES
from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.inspections import policies, repository, service
from sgo_journal.inspections.errors import (
    DeadlineError,
    RemarkPlaceError,
    RemarksChangedError,
    RemarkStateError,
    RemarkTeacherError,
)
from sgo_journal.inspections.model import Inspection, Remark, RemarkChange
from sgo_journal.inspections.schemas import DecisionIn, RemarkIn, RemarkPatch
from sgo_journal.inspections.values import STANDING, STEPS, State, Step
from sgo_journal.journals import service as journals
from sgo_journal.lessons import service as lessons
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff


async def make(uow: UnitOfWork, principal: Principal, inspection_id: UUID, body: RemarkIn) -> Remark:
    """Make a remark in an inspection that goes on.

    Raises ``FinishedError``, ``RemarkPlaceError``, ``RemarkTeacherError``, ``DeadlineError``.
    """
    inspection = await service.going_on(uow, principal, inspection_id)
    _check_deadline(uow, body.due_on)
    teacher = await _place(uow, principal, inspection, body)
    if body.teacher_id is not None:
        await _check_teacher(uow, inspection.organization_id, body.teacher_id)
    if (teacher := body.teacher_id or teacher) is None:
        raise RemarkTeacherError
    remark = Remark(
        organization_id=inspection.organization_id,
        academic_year=inspection.academic_year,
        id=new_id(),
        inspection_id=inspection.id,
        found_as=None,
        state=State.OPEN.value,
        comment=None,
        version=1,
        changed_by=author(principal),
        changed_at=uow.now,
        **(body.model_dump() | {"kind": body.kind.value, "teacher_id": teacher}),
    )
    uow.session.add(remark)
    await uow.session.flush()
    return remark


async def _place(uow: UnitOfWork, principal: Principal, inspection: Inspection, body: RemarkIn) -> UUID | None:
    """Who teaches where the remark is made, if one does."""
    if body.journal_id not in await repository.inspected(uow.session, inspection):
        raise RemarkPlaceError
    key = (inspection.organization_id, inspection.academic_year)
    journal = (await journals.known(uow, inspection.organization_id, {body.journal_id}))[body.journal_id]
    since, until, teacher = inspection.first_day, inspection.last_day, None
    if body.lesson_id is not None:
        try:
            lesson = await lessons.visible(uow, principal, body.lesson_id)
        except NotFoundError:
            raise RemarkPlaceError from None
        if lesson.journal_id != journal.id or not since <= lesson.date <= until:
            raise RemarkPlaceError
        since, until, teacher = lesson.date, lesson.date, lesson.teacher_id
    if body.student_id is not None:
        there = await rosters.learners_within(uow, *key, journal.learners_id, since, until)
        if body.student_id not in {one.student_id for one in there}:
            raise RemarkPlaceError
    return teacher or (await journals.sole_teachers(uow, *key, [journal.id], until)).get(journal.id)


async def _check_teacher(uow: UnitOfWork, organization_id: UUID, teacher_id: UUID) -> None:
    if teacher_id not in await staff.teachers_of(uow, organization_id):
        raise RemarkTeacherError


def _check_deadline(uow: UnitOfWork, due_on: dt.date) -> None:
    if due_on < uow.clock.today():
        raise DeadlineError


async def list_remarks(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    *,
    overdue: bool,
    after: UUID | None,
    limit: int,
) -> Sequence[Remark]:
    """Remarks of an organization that the caller sees, one more than ``limit``; ``filters`` by column.

    The reading of people is audited, and a body's of whatever.
    """
    await require_visible(uow, principal, organization_id)
    today = uow.clock.today() if overdue else None
    filters = {**filters, "organization_id": organization_id}
    found = await repository.remarks(uow.session, policies.visible_to(principal), filters, today, after, limit)
    await _audit(uow, principal, found[:limit])
    return found


async def _audit(uow: UnitOfWork, principal: Principal, found: Sequence[Remark]) -> None:
    people = {one for remark in found for one in (remark.student_id, remark.teacher_id) if one is not None}
    if people or principal.role in BODIES:
        await audit.record(uow, principal, "remarks.read", sorted(people))


async def read(uow: UnitOfWork, principal: Principal, remark_id: UUID) -> tuple[Remark, Sequence[RemarkChange]]:
    """A remark the caller sees, with all that it was; the reading is audited."""
    remark = await _visible(uow, principal, remark_id)
    await _audit(uow, principal, [remark])
    return remark, await repository.changes(uow.session, remark)


async def _visible(uow: UnitOfWork, principal: Principal, remark_id: UUID) -> Remark:
    remark = await repository.remark(uow.session, policies.visible_to(principal), remark_id)
    if remark is None:
        raise NotFoundError
    return remark


async def _held(uow: UnitOfWork, principal: Principal, remark_id: UUID, version: int) -> Remark:
    seen = await _visible(uow, principal, remark_id)
    held = await repository.held(uow.session, seen.organization_id, seen.academic_year, [remark_id])
    if held[remark_id].version != version:
        raise VersionMismatchError
    return held[remark_id]


async def answer(uow: UnitOfWork, principal: Principal, remark_id: UUID, version: int, comment: str) -> Remark:
    """The teacher says that a remark is mended, and how; raises ``RemarkStateError`` unless it is open."""
    remark = await _held(uow, principal, remark_id, version)
    if remark.state != State.OPEN:
        raise RemarkStateError
    return await _changed(uow, principal, remark, state=State.MENDED.value, comment=comment)


async def change(uow: UnitOfWork, principal: Principal, remark_id: UUID, version: int, body: RemarkPatch) -> Remark:
    """Change what a remark that is not cleared says, its deadline or who mends it; what it was stays in its history."""
    remark = await _held(uow, principal, remark_id, version)
    if remark.state not in STANDING:
        raise RemarkStateError
    values = body.model_dump(exclude_unset=True)
    if "due_on" in values:
        _check_deadline(uow, values["due_on"])
    if "teacher_id" in values:
        await _check_teacher(uow, remark.organization_id, values["teacher_id"])
    return await _changed(uow, principal, remark, **values)


async def decide(uow: UnitOfWork, principal: Principal, inspection_id: UUID, body: DecisionIn) -> Sequence[Remark]:
    """Decide on many remarks of an inspection at once, all or none; whose they are is audited.

    Raises ``RemarksChangedError``, ``RemarkStateError``, ``DeadlineError``, ``RemarkTeacherError``.
    """
    inspection = await service.visible(uow, principal, inspection_id)
    asked = {one.id: one.version for one in body.remarks}
    held = await repository.held(uow.session, inspection.organization_id, inspection.academic_year, asked)
    if any(
        key not in held or held[key].inspection_id != inspection_id or held[key].version != version
        for key, version in asked.items()
    ):
        raise RemarksChangedError
    before, after = STEPS[body.step]
    if any(one.state not in before for one in held.values()):
        raise RemarkStateError
    values = await _decided(uow, inspection, body, held.values())
    for one in held.values():
        _set(uow, principal, one, state=after.value, **_of(one, values))
    await uow.session.flush()
    await _audit(uow, principal, list(held.values()))
    return list(held.values())


async def _decided(
    uow: UnitOfWork, inspection: Inspection, body: DecisionIn, found: Collection[Remark]
) -> dict[str, Any]:
    """What a decision changes besides the state. A deadline is needed of what is still to be mended, who mends it too."""
    values: dict[str, Any] = {"comment": body.comment}
    if body.step not in {Step.CONFIRM, Step.RETURN}:
        return values
    if body.due_on is None:
        raise DeadlineError
    _check_deadline(uow, body.due_on)
    values["due_on"] = body.due_on
    if body.teacher_id is not None:
        await _check_teacher(uow, inspection.organization_id, body.teacher_id)
        values["teacher_id"] = body.teacher_id
    elif any(one.teacher_id is None for one in found):
        raise RemarkTeacherError
    return values


def _of(remark: Remark, values: Mapping[str, Any]) -> dict[str, Any]:
    """A teacher who is named gives no remark away that has its teacher."""
    return {name: value for name, value in values.items() if name != "teacher_id" or remark.teacher_id is None}


def _set(uow: UnitOfWork, principal: Principal, remark: Remark, **values: Any) -> None:
    signed = {"version": remark.version + 1, "changed_by": author(principal), "changed_at": uow.now}
    for name, value in {**values, **signed}.items():
        setattr(remark, name, value)


async def _changed(uow: UnitOfWork, principal: Principal, remark: Remark, **values: Any) -> Remark:
    _set(uow, principal, remark, **values)
    await uow.session.flush()
    return remark
