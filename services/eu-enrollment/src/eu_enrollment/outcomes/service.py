"""Use cases of outcomes."""

from collections.abc import Mapping
from uuid import UUID

from asu_contracts.core import RejectionReason
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.referrals import service as referrals
from eu_enrollment.verifications import service as verifications
from servicekit.uow import UnitOfWork

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
    """The registry has placed these applications' children (application → span that said so)."""
    for row in await referrals.ordered(uow, applications_of=list(causes)):
        place = [(row.application_id, row.organization_id)]
        if await applications.move(uow, Reason.ENROLLED, place, traceparent=causes[row.application_id]):
            await referrals.fulfil(uow, [row])


async def reject(uow: UnitOfWork, rejected: Mapping[UUID, tuple[RejectionReason, str | None]]) -> None:
    """The registry could not carry these admissions out (admission → reason, span): an operator decides.

    A place that is not there goes back, and the family waits anew. Otherwise the child keeps the place until the operator
    puts it into another order or declines it.
    """
    for row in await referrals.ordered(uow, admissions=list(rejected)):
        reason, cause = rejected[row.admission_id]
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
            await verifications.reject(uow, row.application_id, row.campaign_id, reason)
