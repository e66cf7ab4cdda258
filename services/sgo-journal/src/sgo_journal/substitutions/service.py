"""Use cases of absences, and what other slices ask of substitutions."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.people import author
from sgo_journal.staff import service as staff
from sgo_journal.substitutions import repository
from sgo_journal.substitutions.errors import AbsenceInvalidError, AbsenceWithdrawnError
from sgo_journal.substitutions.model import Absence, Substitution
from sgo_journal.substitutions.schemas import AbsenceIn, AbsencePatch
from sgo_journal.timetable import gathering
from sgo_journal.timetable.values import Ban, Bound

__all__ = ["Absence", "Substitution"]


async def declare(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: AbsenceIn) -> Absence:
    """Declare that a teacher is away; raises ``AbsenceInvalidError``, ``CalendarMissingError``."""
    await require_visible(uow, principal, organization_id)
    await _check_days(uow, organization_id, body.academic_year, body.valid_from, body.valid_to)
    if body.teacher_id not in await staff.teachers_of(uow, organization_id):
        title = "Нет такого педагога в организации"
        raise AbsenceInvalidError(errors=[FieldError("/body/teacher_id", "absence.teacher-unknown", title)])
    absence = Absence(
        organization_id=organization_id,
        id=new_id(),
        version=1,
        made_by=author(principal),
        made_at=uow.now,
        withdrawn_by=None,
        withdrawn_at=None,
        **body.model_dump(),
    )
    uow.session.add(absence)
    await uow.session.flush()
    return absence


async def _check_days(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date
) -> None:
    year = await gathering.year_of(uow, organization_id, academic_year)
    if not year.calendar.first_day <= since < until <= year.until:
        raise AbsenceInvalidError("Даты должны лежать в учебном году")


async def list_absences(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    after: UUID | None,
    limit: int,
) -> Sequence[Absence]:
    """Absences of an organization, one more than ``limit``; ``filters`` by column."""
    await require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, filters, after, limit)


async def read(uow: UnitOfWork, principal: Principal, absence_id: UUID) -> Absence:
    """An absence in an organization the caller sees, or ``NotFoundError``."""
    absence = await repository.one(uow.session, absence_id)
    if absence is None:
        raise NotFoundError
    await require_visible(uow, principal, absence.organization_id)
    return absence


async def change(uow: UnitOfWork, principal: Principal, absence_id: UUID, version: int, body: AbsencePatch) -> Absence:
    """Change days, reason or order of an absence."""
    absence = await in_force(uow, principal, absence_id)
    values = body.model_dump(exclude_unset=True)
    since, until = values.get("valid_from", absence.valid_from), values.get("valid_to", absence.valid_to)
    await _check_days(uow, absence.organization_id, absence.academic_year, since, until)
    if not await repository.change(uow.session, absence, version, values):
        raise VersionMismatchError
    await uow.session.refresh(absence)
    return absence


async def in_force(uow: UnitOfWork, principal: Principal, absence_id: UUID) -> Absence:
    """An absence that was not withdrawn; raises ``AbsenceWithdrawnError``."""
    absence = await read(uow, principal, absence_id)
    if absence.withdrawn_at is not None:
        raise AbsenceWithdrawnError
    return absence


async def bans(uow: UnitOfWork, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date) -> list[Ban]:
    """Absences on days of [since, until), as the timetable's rules take them."""
    found = await repository.in_force(uow.session, organization_id, academic_year, since, until)
    return [
        Ban(
            id=one.id,
            of=Bound.TEACHER,
            subject_id=one.teacher_id,
            since=one.valid_from,
            until=one.valid_to,
            numbers=None if one.numbers is None else frozenset(one.numbers),
        )
        for one in found
    ]


@dataclass(frozen=True)
class Substituted:
    """A lesson its own teacher does not give: ``kind`` as ``Substitution`` has it, ``teacher_id`` none if nobody does."""

    kind: str
    own_teacher_id: UUID
    teacher_id: UUID | None


async def substituted(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, lesson_ids: Collection[UUID]
) -> Mapping[UUID, Substituted]:
    """Lessons among the given ones that are given by others, or cancelled, for an absence: a class is told by it."""
    if not lesson_ids:
        return {}
    found = await repository.of_lessons(uow.session, organization_id, academic_year, lesson_ids)
    return {key: Substituted(one.kind, one.own_teacher_id, one.teacher_id) for key, one in found.items()}
