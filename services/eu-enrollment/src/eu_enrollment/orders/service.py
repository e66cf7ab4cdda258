"""Use cases of orders."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from asu_contracts.enrollment import Order
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.offers import service as offers
from eu_enrollment.orders import errors, policies, repository
from eu_enrollment.orders.events import admission_approved
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.verifications import service as verifications
from servicekit.errors import FieldError, ForbiddenError, NotFoundError
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
    chosen: Sequence[UUID] | None = None,
    attended: frozenset[UUID] = frozenset(),
) -> tuple[UUID, int, bool]:
    """Order the admission of the chosen, or of everyone ready in the organization; (order, applications, new).

    Where nobody is chosen, applications that need attention, or of which something is still to be verified without which no child
    gets a place, are left out but for those ``attended`` names. The same order again,
    with nobody new to admit, is the first one.
    """
    if not principal.sees(organization_id, campaign.municipality, None):
        raise ForbiddenError
    ready = await referrals.ready_to_order(uow, campaign, organization_id)
    rows = await _wanted(uow, ready, chosen, attended)
    unready = set(chosen or ()) - {row.application_id for row in rows}
    if not rows:
        before = await _issued_before(uow, campaign, organization_id, number, day, effective_date)
        if before is None:
            raise _not_ready(chosen, unready) if chosen else errors.NothingToOrderError()
        unready -= {row.application_id for row in await referrals.of_order(uow, before.id)}
        if not unready:
            return before.id, before.applications, False
    if unready:
        raise _not_ready(chosen or (), unready)
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
    stated = await applications.stated(uow, runtime.cipher, [row.application_id for row in rows])
    admitted = {row.id: (new_id(), _origin(stated[row.application_id], organization_id)) for row in rows}
    await referrals.put_in_order(uow, order_id, admitted)
    held = [(row.application_id, row.organization_id) for row in rows]
    moved = await applications.move(uow, Reason.ORDERED, held, principal=principal)
    if len(moved) != len(rows):
        raise RuntimeError("an application with an accepted place stands elsewhere")
    for row in rows:
        admission_id, from_organization_id = admitted[row.id]
        uow.publish(
            admission_approved(
                runtime.transport,
                admission_id=admission_id,
                application_id=row.application_id,
                organization_id=row.organization_id,
                group_id=row.group_id,
                order=Order(number=number, date=day),
                effective_date=effective_date,
                from_organization_id=from_organization_id,
                stated=stated[row.application_id],
            )
        )
    return order_id, len(rows), True


def _origin(stated: ApplicationIn, organization_id: UUID) -> UUID | None:
    """Where the child has a place that it leaves for the organization; nothing if it has none, or in this very one."""
    held = None if stated.attends is None else stated.attends.organization_id
    return None if held == organization_id else held


async def _issued_before(
    uow: UnitOfWork, campaign: Campaign, organization_id: UUID, number: str, day: date, effective_date: date
) -> Record | None:
    """The same order, if it was issued and stands; raises ``OrderNumberUsedError`` for another of its number and date."""
    before = await repository.of_number(uow.session, organization_id, number, day)
    same = (campaign.id, effective_date, None)
    if before is not None and (before.campaign_id, before.effective_date, before.annulled_at) != same:
        raise errors.OrderNumberUsedError
    return before


async def _wanted(
    uow: UnitOfWork, ready: Sequence[Record], chosen: Sequence[UUID] | None, attended: Collection[UUID]
) -> list[Record]:
    """Whom the order admits of those ready."""
    if chosen is not None:
        return [row for row in ready if row.application_id in chosen]
    ids = [row.application_id for row in ready]
    waiting = await applications.needing_attention(uow, ids) | await verifications.unproven(uow, ids)
    return [row for row in ready if row.application_id not in waiting or row.application_id in attended]


def _not_ready(chosen: Sequence[UUID], unready: Collection[UUID]) -> errors.NotReadyError:
    return errors.NotReadyError(
        errors=[
            FieldError(f"/body/applications/{index}", errors.NotReadyError.code, "Заявление не готово к зачислению")
            for index, application_id in enumerate(chosen)
            if application_id in unready
        ]
    )


async def visible_order(uow: UnitOfWork, principal: Principal, order_id: UUID) -> Record:
    """An order the principal sees; raises ``NotFoundError``."""
    found = await repository.get(uow.session, order_id, policies.visible(principal))
    if found is None:
        raise NotFoundError
    await campaigns.visible_campaign(uow, principal, found.campaign_id)
    return found
