"""Use cases of orders."""

from datetime import date
from uuid import UUID

from asu_contracts.enrollment import Order
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.offers import service as offers
from eu_enrollment.orders import errors, repository
from eu_enrollment.orders.events import admission_approved
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


async def issue(
    uow: UnitOfWork,
    runtime: EnrollmentRuntime,
    principal: Principal,
    campaign: Campaign,
    *,
    organization_id: UUID,
    number: str,
    day: date,
    effective_date: date,
    attended: frozenset[UUID] = frozenset(),
) -> tuple[UUID, int, bool]:
    """Order the admission of everyone whose place in the organization is accepted; (order, applications, new).

    Applications that need attention are left out but for those ``attended`` names.
    The same order again, with nothing new accepted, is the first one.
    """
    accepted = await referrals.accepted(uow, campaign.id, organization_id)
    waiting = await applications.needing_attention(uow, [row.application_id for row in accepted]) - attended
    rows = [row for row in accepted if row.application_id not in waiting]
    if not rows:
        before = await repository.of_number(uow.session, organization_id, number, day)
        if before is None:
            raise errors.NothingToOrderError
        if before.campaign_id != campaign.id or before.effective_date != effective_date:
            raise errors.OrderNumberUsedError
        return before.id, before.applications, False
    if not await offers.in_session(uow, [row.group_id for row in rows], effective_date):
        field = FieldError("/body/effective_date", errors.EffectiveDateError.code, errors.EffectiveDateError.title)
        raise errors.EffectiveDateError(errors=[field])
    order_id = new_id()
    if not await repository.add(
        uow.session,
        {
            "id": order_id,
            "campaign_id": campaign.id,
            "organization_id": organization_id,
            "number": number,
            "date": day,
            "effective_date": effective_date,
            "applications": len(rows),
            "created_at": uow.now,
            "created_by": principal.account_id,
        },
    ):
        raise errors.OrderNumberUsedError
    admissions = {row.id: new_id() for row in rows}
    await referrals.put_in_order(uow, order_id, admissions)
    held = [(row.application_id, row.organization_id) for row in rows]
    moved = await applications.move(uow, Reason.ORDERED, held, principal=principal)
    if len(moved) != len(rows):
        raise RuntimeError("an application with an accepted place stands elsewhere")
    stated = await applications.stated(uow, runtime.cipher, [row.application_id for row in rows])
    for row in rows:
        uow.publish(
            admission_approved(
                runtime.transport,
                admission_id=admissions[row.id],
                application_id=row.application_id,
                organization_id=row.organization_id,
                group_id=row.group_id,
                order=Order(number=number, date=day),
                effective_date=effective_date,
                stated=stated[row.application_id],
            )
        )
    return order_id, len(rows), True
