"""Use cases of class teachers: appointing, ending, and what a teacher sees because it leads a group."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import Audience
from sgo_core.chunks import chunked
from sgo_core.class_teachers import repository
from sgo_core.class_teachers.errors import LeadingDatesError, LedAlreadyError, NotEmployedError
from sgo_core.class_teachers.events import group_teacher_changed
from sgo_core.class_teachers.model import GroupTeacher
from sgo_core.class_teachers.schemas import AppointmentIn, AppointmentPatch
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.staff import service as staff

_ROLE_IN = {"class": "class_teacher", "preschool_group": "educator", "additional_group": "leader"}
_TOLD_AT_ONCE = 200


async def appoint(uow: UnitOfWork, principal: Principal, group_id: UUID, body: AppointmentIn) -> GroupTeacher:
    """Let a worker of the organization lead a group; raises an error when it is led, or the worker works elsewhere."""
    group = await groups.get_group(uow, principal, group_id)
    ends_on = group.ends_on if body.valid_to is None else body.valid_to
    if body.valid_from >= min(ends_on, group.ends_on):
        raise LeadingDatesError
    if not await staff.is_employed(uow, body.worker_id, group.organization_id, body.valid_from):
        raise NotEmployedError
    author = Author(principal.account_id, body.reason)
    role = _ROLE_IN[group.kind]
    if body.replace and role == "class_teacher":
        await _end_former(uow, group_id, body.valid_from, author)
    appointed = GroupTeacher(
        id=new_id(),
        organization_id=group.organization_id,
        group_id=group_id,
        worker_id=body.worker_id,
        role=role,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        told_version=1,
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(appointed)
    await _flush(uow)
    _tell(uow, appointed)
    return appointed


async def _end_former(uow: UnitOfWork, group_id: UUID, day: date, author: Author) -> None:
    former = await repository.class_teacher_on(uow.session, group_id, day)
    if former is not None and former.valid_from < day:
        change(former, {"valid_to": day}, author, uow.now)
        _tell(uow, former)
        await _flush(uow)


async def change_end(
    uow: UnitOfWork, principal: Principal, appointment_id: UUID, version: int, body: AppointmentPatch
) -> GroupTeacher:
    """Say when a worker stops leading a group."""
    known = await repository.get(uow.session, appointment_id)
    if known is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, known.organization_id)
    if body.valid_to is None and not await staff.is_employed(
        uow, known.worker_id, known.organization_id, max(known.valid_from, uow.clock.today())
    ):
        raise NotEmployedError
    appointed = await repository.get(uow.session, appointment_id, lock=True)
    assert appointed is not None
    if appointed.version != version:
        raise VersionMismatchError
    if body.valid_to is not None and body.valid_to < appointed.valid_from:
        raise LeadingDatesError
    if change(appointed, {"valid_to": body.valid_to}, Author(principal.account_id, body.reason), uow.now):
        _tell(uow, appointed)
        await _flush(uow)
    return appointed


def _tell(uow: UnitOfWork, appointed: GroupTeacher) -> None:
    appointed.told_version = appointed.version
    uow.publish(group_teacher_changed(appointed), version=appointed.version)


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only those of one class teacher at a time can be broken here
        raise LedAlreadyError from None


async def list_appointments(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    *,
    day: date | None,
    group_id: UUID | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of who leads the groups of an organization on a day (None: at all times), with names, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, day=day, group_id=group_id, limit=limit, after=after)


async def with_names(uow: UnitOfWork, appointed: GroupTeacher) -> Row[*tuple[Any, ...]]:
    """An appointment with the names of the group and the worker."""
    found = await repository.page(
        uow.session,
        appointed.organization_id,
        day=None,
        group_id=None,
        limit=1,
        after=None,
        appointment_id=appointed.id,
    )
    return found[0]


async def leads(uow: UnitOfWork, principal: Principal, group_id: UUID) -> bool:
    """Whether the caller is a teacher who leads the group today."""
    return group_id in await groups_led(uow, principal)


async def groups_led(uow: UnitOfWork, principal: Principal) -> set[UUID]:
    """Groups that the caller, a teacher, leads today where it works."""
    organization_id = principal.unit.organization_id
    if principal.role is not Role.TEACHER or principal.person_id is None or organization_id is None:
        return set()
    return await repository.led_by(uow.session, principal.person_id, organization_id, uow.clock.today())


async def audiences(uow: UnitOfWork, principal: Principal, student_ids: Collection[UUID]) -> Mapping[UUID, Audience]:
    """In which relation the caller stands to students' cards: a teacher to those of the own class as their class teacher."""
    usual = audience_of(principal)
    organization_id = principal.unit.organization_id
    if principal.role is not Role.TEACHER or principal.person_id is None or organization_id is None:
        return dict.fromkeys(student_ids, usual)
    led = await repository.students_led_by(
        uow.session, principal.person_id, student_ids, organization_id, uow.clock.today()
    )
    return {one: Audience.CLASS_TEACHER if one in led else usual for one in student_ids}


async def tell_ended(runtime: Runtime) -> None:
    """Each minute: tell of appointments that a dismissal has ended."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        async with runtime.uow() as uow:
            found = await repository.untold(uow.session, _TOLD_AT_ONCE)
            for one in found:
                _tell(uow, one)
            told = len(found)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every appointment, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(GroupTeacher), GroupTeacher.id):
        yield [Aggregate(group_teacher_changed(one), one.updated_at, one.version) for one in chunk]
