"""An order issued by mistake: what the registry has not carried out yet of it comes back.

The registry alone knows what it has carried out, so it is told, and each child stays in the order until it answers: one that it
refuses to enrol any more keeps the place and can be ordered anew, one that it has enrolled meanwhile is enrolled.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from uuid import UUID

from eu_enrollment.applications import service as applications
from eu_enrollment.database import Record
from eu_enrollment.orders import errors, repository
from eu_enrollment.orders.events import order_annulled
from eu_enrollment.orders.service import visible_order
from eu_enrollment.referrals import service as referrals
from eu_enrollment.referrals.schemas import ReferralStatus
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


class OrderState(StrEnum):
    """Where an order stands; ``carried_out``: it was annulled, but the registry had enrolled some of the children before."""

    ISSUED = "issued"
    ANNULLING = "annulling"
    ANNULLED = "annulled"
    CARRIED_OUT = "carried_out"


def state_of(order: Record, lines: Sequence[Record]) -> OrderState:
    """Where an order with its referrals stands."""
    if order.annulled_at is None:
        return OrderState.ISSUED
    statuses = {line.status for line in lines}
    if ReferralStatus.ORDERED in statuses:
        return OrderState.ANNULLING
    return OrderState.CARRIED_OUT if ReferralStatus.ENROLLED in statuses else OrderState.ANNULLED


async def annul(uow: UnitOfWork, principal: Principal, order_id: UUID, reason: str) -> None:
    """Annul an order by which nobody is enrolled yet; again is no change. Raises ``CarriedOutError``."""
    order = await visible_order(uow, principal, order_id)
    await applications.lock(uow, [row.application_id for row in await referrals.of_order(uow, order_id)])
    lines = await referrals.of_order(uow, order_id)
    if order.annulled_at is not None:
        return
    if any(row.status == ReferralStatus.ENROLLED for row in lines):
        raise errors.CarriedOutError
    annulment_id = new_id()
    values = {
        "id": annulment_id,
        "order_id": order_id,
        "reason": reason,
        "at": uow.now,
        "account_id": principal.account_id,
    }
    if await repository.annul(uow.session, values):
        revoked = [(row.admission_id, row.application_id) for row in lines]
        uow.publish(order_annulled(annulment_id, order_id, order.organization_id, revoked))


async def annulled_for(uow: UnitOfWork, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Why those of the orders were annulled that were."""
    return await repository.annulled_for(uow.session, order_ids)
