"""Carrying out approved admissions: a membership, a placement and a movement for each, or a refusal with its reason."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import RejectionReason
from asu_contracts.enrollment import AdmissionApproved, AdmissionOrderAnnulled
from servicekit.messaging.handlers import Received
from servicekit.messaging.republish import Aggregate
from servicekit.uow import UnitOfWork
from sgo_core.admissions import repository
from sgo_core.admissions.events import admission_rejected
from sgo_core.admissions.model import AdmissionRejection
from sgo_core.admissions.reading import UnreadableError, read_family
from sgo_core.chunks import chunked
from sgo_core.history.recorded import Author
from sgo_core.movements import service as movements
from sgo_core.movements.errors import Refusal
from sgo_core.movements.service import Enrollment
from sgo_core.people import service as people
from sgo_core.people.records import FamilyRecord
from sgo_core.transfers import carrying as transfers
from sgo_core.transfers.carrying import Asked
from sgo_core.vault import vault_of

_AUTHOR = Author("enrollment", "Зачисление по заявлению")

_Message = Received[AdmissionApproved]
_Readable = tuple[_Message, FamilyRecord]


async def admit(uow: UnitOfWork, received: Sequence[_Message]) -> None:
    """Carry out a batch of admissions, in one transaction. One carried out or refused before is left alone."""
    ids = [item.event.admission_id for item in received]
    await repository.hold(uow.session, ids)
    refused_before = await repository.rejected(uow.session, ids)
    readable: list[_Readable] = []
    for item in received:
        if item.event.admission_id in refused_before:
            continue
        try:
            readable.append((item, read_family(vault_of(uow), item.event, item.traceparent)))
        except UnreadableError:
            await _reject(uow, item, RejectionReason.UNREADABLE)
    if readable:
        await _enroll(uow, readable)


async def _enroll(uow: UnitOfWork, readable: Sequence[_Readable]) -> None:
    found = await people.find_families(uow, [family for _, family in readable])
    candidates: list[tuple[_Message, FamilyRecord, UUID]] = []
    disputed: list[_Readable] = []
    for (item, family), one in zip(readable, found, strict=True):
        if one.mismatch is None:
            candidates.append((item, family, one.student_id))
        elif one.within_batch:
            disputed.append((item, family))
        else:
            await _reject(uow, item, RejectionReason(one.mismatch.value))
    if candidates:
        await _carry_out(uow, candidates)
    if disputed:
        # It differs from another of this batch, which may itself have been refused: what is stored now decides.
        await _enroll(uow, disputed)


async def _carry_out(uow: UnitOfWork, candidates: Sequence[tuple[_Message, FamilyRecord, UUID]]) -> None:
    plan = await movements.plan_enrollment(uow, [_enrollment(item, student) for item, _, student in candidates])
    accepted: list[tuple[UUID, FamilyRecord]] = []
    unreleased: list[tuple[_Message, UUID]] = []
    for (item, family, student), answer in zip(candidates, plan.answers, strict=True):
        if answer.refusal is Refusal.NOT_RELEASED:
            unreleased.append((item, student))
        if answer.refusal is not None:
            await _reject(uow, item, RejectionReason(answer.refusal.value))
        elif answer.new:
            accepted.append((student, family))
    registered = await people.register_families(uow, [family for _, family in accepted], _AUTHOR)
    known = {student: one for (student, _), one in zip(accepted, registered, strict=True)}
    await plan.write(known, _AUTHOR.account_id)
    asked = [_asked(item, known[student].student_id if student in known else student) for item, student in unreleased]
    await transfers.ask(uow, asked, _AUTHOR)


def _enrollment(item: _Message, student: UUID) -> Enrollment:
    event = item.event
    return Enrollment(
        student_id=student,
        organization_id=event.organization_id,
        group_id=event.group_id,
        effective_date=event.effective_date,
        order_number=event.order.number,
        order_date=event.order.date,
        application_id=event.application_id,
        admission_id=event.admission_id,
        from_organization_id=event.from_organization_id,
        traceparent=item.traceparent,
    )


def _asked(item: _Message, student: UUID) -> Asked:
    event = item.event
    assert event.from_organization_id is not None
    return Asked(student, event.from_organization_id, event.organization_id, event.group_id, event.order.date)


async def _reject(uow: UnitOfWork, item: _Message, reason: RejectionReason) -> None:
    event = item.event
    rejection = await repository.reject(
        uow.session, event.admission_id, event.application_id, event.organization_id, reason, uow.now
    )
    if rejection is not None:
        uow.publish(admission_rejected(rejection), traceparent=item.traceparent)


async def revoke(uow: UnitOfWork, received: Sequence[Received[AdmissionOrderAnnulled]]) -> None:
    """Refuse the admissions of annulled orders, those to come too; one that was carried out stands."""
    ids = [one.admission_id for item in received for one in item.event.admissions]
    await repository.hold(uow.session, ids)
    carried_out = await movements.carried_out(uow, ids)
    for item in received:
        organization_id = item.event.organization_id
        for one in item.event.admissions:
            if one.admission_id in carried_out:
                continue
            rejection = await repository.reject(
                uow.session, one.admission_id, one.application_id, organization_id, RejectionReason.REVOKED, uow.now
            )
            if rejection is not None:
                uow.publish(admission_rejected(rejection), traceparent=item.traceparent)


async def facts(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every refusal, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(AdmissionRejection), AdmissionRejection.id):
        yield [Aggregate(admission_rejected(one), one.rejected_at) for one in chunk]
