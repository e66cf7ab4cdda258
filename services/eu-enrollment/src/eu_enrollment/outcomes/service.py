"""Use cases of outcomes."""

from collections.abc import Mapping
from uuid import UUID

from asu_contracts.core import RejectionReason
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.database import Record
from eu_enrollment.orders.annulment import annulled_for
from eu_enrollment.referrals import service as referrals
from eu_enrollment.verifications import service as verifications
from eu_enrollment.verifications.checks import Check
from eu_enrollment.verifications.kinds import CheckKind
from servicekit.uow import UnitOfWork

ANNULLED_LATE = "annulled_late"
"""Why an operator must look: the registry had enrolled the child before it heard that the order was annulled."""
_NO_PLACE = frozenset(
    {
        RejectionReason.GROUP_NOT_FOUND,
        RejectionReason.GROUP_FULL,
        RejectionReason.ORGANIZATION_CLOSED,
        RejectionReason.YEAR_CLOSED,
    }
)
"""Reasons that say the place itself is not there. Any other is about the child, and an operator can cure it."""


async def enroll(uow: UnitOfWork, causes: Mapping[UUID, str | None]) -> None:
    """The registry has placed these applications' children (application → span that said so).

    An order that was annulled too late for it is noted: the registry alone can undo what it has carried out.
    """
    rows = await referrals.ordered(uow, applications_of=list(causes))
    annulled = await annulled_for(uow, {row.order_id for row in rows})
    for row in rows:
        place = [(row.application_id, row.organization_id)]
        noted = ANNULLED_LATE if row.order_id in annulled else None
        if await applications.move(
            uow, Reason.ENROLLED, place, note=noted, attention=noted, traceparent=causes[row.application_id]
        ):
            await referrals.fulfil(uow, [row])


async def reject(uow: UnitOfWork, rejected: Mapping[UUID, tuple[RejectionReason, str | None]]) -> None:
    """The registry could not carry these admissions out (admission → reason, span): an operator decides.

    A place that is not there goes back, and the family waits anew. Otherwise the child keeps the place until the operator
    puts it into another order or declines it. One whose order was annulled stands as before it.
    """
    rows = await referrals.ordered(uow, admissions=list(rejected))
    annulled = await annulled_for(uow, {row.order_id for row in rows})
    for row in rows:
        reason, cause = rejected[row.admission_id]
        if reason is RejectionReason.REVOKED:
            await _take_back(uow, row, annulled.get(row.order_id), cause)
        else:
            await _return(uow, row, reason, cause)


async def _take_back(uow: UnitOfWork, row: Record, why: str | None, cause: str | None) -> None:
    place = [(row.application_id, row.organization_id)]
    if await applications.move(uow, Reason.ORDER_ANNULLED, place, note=why, traceparent=cause):
        await referrals.keep(uow, [row])


async def _return(uow: UnitOfWork, row: Record, reason: RejectionReason, cause: str | None) -> None:
    lost = reason in _NO_PLACE
    if await applications.move(
        uow,
        Reason.ADMISSION_REJECTED if lost else Reason.ADMISSION_RETURNED,
        [(row.application_id, None if lost else row.organization_id)],
        note=reason,
        attention=reason,
        traceparent=cause,
    ):
        await (referrals.reject if lost else referrals.keep)(uow, [row])
        await verifications.doubt(uow, row.application_id, row.campaign_id, Check(CheckKind.REGISTRY, reason))
