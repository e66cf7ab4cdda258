"""Documents that a family is to bring for what is checked: asked for, brought, or not brought in time.

An application that waits for a place goes on waiting meanwhile, and its family is told all the same.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import contents
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.errors import StepNotAllowedError
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.database import Record
from eu_enrollment.verifications import repository
from eu_enrollment.verifications.errors import VerificationClosedError
from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.model import State
from eu_enrollment.verifications.service import (
    BEFORE_QUEUE,
    campaign_of,
    last_day_to_check,
    locked_check,
    settle,
)
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

OVERDUE = "documents_overdue"
_AT_ONCE = 500
_NOT_BY_DOCUMENTS = frozenset({CheckKind.DUPLICATE, CheckKind.REGISTRY, CheckKind.DISTANCE})
"""What no document of the family can bear out."""


async def request_for(uow: UnitOfWork, principal: Principal, verification_id: UUID, note: str) -> None:
    """The family is to bring documents for one check; raises ``VerificationClosedError``, ``StepNotAllowedError``."""
    task = await locked_check(uow, principal, verification_id)
    await _request(uow, principal, await contents.locked(uow.session, task.application_id), [task.id], note)


async def request_documents(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str) -> None:
    """The family is to bring documents for whatever is open; raises ``StepNotAllowedError`` where there is nothing."""
    await applications.visible_application(uow, principal, application_id)
    application = await contents.locked(uow.session, application_id)
    known = await repository.of_application(uow.session, application_id)
    opened = [row.id for row in known if row.state == State.OPEN and row.kind not in _NOT_BY_DOCUMENTS]
    if not opened or application.status not in contents.CHECKABLE:
        raise StepNotAllowedError
    await _request(uow, principal, application, opened, note)


async def _request(
    uow: UnitOfWork, principal: Principal, application: Record, checks: Sequence[UUID], note: str
) -> None:
    campaign = await campaign_of(uow, application.campaign_id)
    due_on = campaign.rules.terms.documents.last_day(uow.clock.date_of(uow.now))
    if not await repository.await_documents(uow.session, checks, due_on, note):
        raise VerificationClosedError
    await repository.put_off(uow.session, application.id, due_on)
    first = application.status in BEFORE_QUEUE
    moved = await applications.move(
        uow,
        Reason.DOCUMENTS_REQUESTED if first else Reason.PROOF_REQUESTED,
        [(application.id, application.organization_id)],
        principal=principal,
        note=note,
        attention=application.attention,
        due_on=due_on if first else None,
    )
    if not moved:  # the family has a place to answer about first
        raise StepNotAllowedError


async def receive_documents(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str | None) -> None:
    """The documents asked for have come: an operator is to decide. Raises ``StepNotAllowedError`` where none were asked for."""
    await applications.visible_application(uow, principal, application_id)
    application = await contents.locked(uow.session, application_id)
    if not await repository.resume(uow.session, application_id, await last_day_to_check(uow, application.campaign_id)):
        raise StepNotAllowedError
    first = application.status in BEFORE_QUEUE
    moved = await applications.move(
        uow,
        Reason.DOCUMENTS_RECEIVED if first else Reason.PROOF_RECEIVED,
        [(application_id, application.organization_id)],
        principal=principal,
        note=note,
        attention=application.attention,
    )
    if not moved:
        raise StepNotAllowedError


async def overdue(runtime: Runtime) -> None:
    """Job: documents have not come in time. A right they were to bear out counts nothing; else the application is frozen."""
    while True:
        async with runtime.uow() as uow:
            today = uow.clock.date_of(uow.now)
            seen = await repository.overdue_documents(uow.session, contents.checkable(), today, _AT_ONCE)
            late = list(dict.fromkeys(row.application_id for row in seen))
            await applications.lock(uow, late)
            for application_id in late:
                await _overdue(uow, application_id, today)
        if len(seen) < _AT_ONCE:
            return


async def _overdue(uow: UnitOfWork, application_id: UUID, today: date) -> None:
    rows = await repository.overdue_documents(uow.session, contents.checkable(), today, _AT_ONCE, [application_id])
    if not rows:  # they came meanwhile, others were asked for, or the application has ended
        return
    application = await contents.locked(uow.session, application_id)
    if application.status == ApplicationStatus.DOCUMENTS_REQUIRED:
        await repository.resume(uow.session, application_id, today)
        place = [(application_id, None)]
        await applications.move(uow, Reason.DOCUMENTS_OVERDUE, place, note=OVERDUE, attention=OVERDUE)
    else:
        ids = [row.id for row in rows]
        await repository.decide(uow.session, ids, State.NOT_CONFIRMED, uow.now, by=None, note=OVERDUE)
        await settle(uow, application_id, None, OVERDUE, refused=rows)


async def renew(uow: UnitOfWork, application: Record) -> None:
    """What is undecided of an application is an operator's again, with a new term."""
    await repository.renew(uow.session, application.id, await last_day_to_check(uow, application.campaign_id))
