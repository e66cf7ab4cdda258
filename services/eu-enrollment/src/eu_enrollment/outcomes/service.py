"""Use cases of outcomes."""

from collections.abc import Mapping
from uuid import UUID

from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.referrals import service as referrals
from servicekit.uow import UnitOfWork


async def enroll(uow: UnitOfWork, causes: Mapping[UUID, str | None]) -> None:
    """The registry has placed these applications' children (application → span that said so)."""
    for row in await referrals.ordered(uow, applications_of=list(causes)):
        place = [(row.application_id, row.organization_id)]
        if await applications.move(uow, Reason.ENROLLED, place, traceparent=causes[row.application_id]):
            await referrals.fulfil(uow, [row])


async def reject(uow: UnitOfWork, rejected: Mapping[UUID, tuple[str, str | None]]) -> None:
    """The registry could not carry these admissions out (admission → reason, span): an operator decides, places go back."""
    for row in await referrals.ordered(uow, admissions=list(rejected)):
        reason, cause = rejected[row.admission_id]
        if await applications.move(
            uow,
            Reason.ADMISSION_REJECTED,
            [(row.application_id, None)],
            note=reason,
            attention=reason,
            traceparent=cause,
        ):
            await referrals.reject(uow, [row])
