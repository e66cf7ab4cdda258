"""Use cases of referrals. A change of a live referral keeps the offer's count of taken places in the same transaction."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from eu_enrollment.allocation.problem import Seat
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.offers import service as offers
from eu_enrollment.referrals import repository
from eu_enrollment.referrals.errors import ReferralClosedError
from eu_enrollment.referrals.model import LIVE, OWED, ReferralStatus
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_HELD = (ReferralStatus.PENDING, ReferralStatus.ACCEPTED)
_OVERDUE_AT_ONCE = 500


async def pending(uow: UnitOfWork, campaign_id: UUID) -> Sequence[Record]:
    """Referrals of a campaign that wait for an answer."""
    return await repository.pending(uow.session, campaign_id)


async def refer(
    uow: UnitOfWork,
    campaign: Campaign,
    allocation_id: UUID,
    seats: Mapping[UUID, Seat],
    replaced: Mapping[UUID, Record],
    leaving: Mapping[UUID, UUID],
) -> None:
    """Hold the allocated places: one referral per application.

    Referrals ``replaced`` by a better one give their places back first; all other applications were waiting in the queue.
    ``leaving``: the group of this campaign in which a child has a place now, which is free for others once it has a better one.
    """
    await _close(uow, list(replaced.values()), ReferralStatus.PENDING, ReferralStatus.REPLACED)
    answer_by = campaign.rules.terms.referral_answer.last_day(uow.clock.date_of(uow.now))
    await offers.vacate(uow, campaign.id, leaving.values())
    left = {id_: row.leaves_group_id for id_, row in replaced.items()} | dict(leaving)
    await offers.take(uow, campaign.id, (seat.group_id for seat in seats.values()))
    await repository.add(
        uow.session,
        [
            {
                "id": new_id(),
                "campaign_id": campaign.id,
                "application_id": application_id,
                "organization_id": seat.organization_id,
                "group_id": seat.group_id,
                "allocation_id": allocation_id,
                "rank": seat.rank,
                "leaves_group_id": left.get(application_id),
                "status": ReferralStatus.PENDING,
                "answer_by": answer_by,
                "created_at": uow.now,
                "changed_at": uow.now,
            }
            for application_id, seat in seats.items()
        ],
    )
    held = [(application_id, seat.organization_id) for application_id, seat in seats.items()]
    fresh = [place for place in held if place[0] not in replaced]
    better = [place for place in held if place[0] in replaced]
    moved = [
        *await applications.move(uow, Reason.REFERRED, fresh, due_on=answer_by),
        *await applications.move(uow, Reason.MOVED_UP, better, due_on=answer_by),
    ]
    if len(moved) != len(seats):
        raise RuntimeError("an application left the queue while it was locked")


async def accept(uow: UnitOfWork, principal: Principal, referral_id: UUID) -> None:
    """The family takes the place; again is no change. Raises ``ReferralClosedError``."""
    found = await _locked(uow, principal, referral_id)
    if found.status == ReferralStatus.ACCEPTED:
        return
    if found.answer_by < uow.clock.date_of(uow.now):
        raise ReferralClosedError
    await _change(uow, found, (ReferralStatus.PENDING,), ReferralStatus.ACCEPTED)
    await applications.step(
        uow, Reason.PLACE_ACCEPTED, found.application_id, principal, organization_id=found.organization_id
    )


async def decline(uow: UnitOfWork, principal: Principal, referral_id: UUID) -> None:
    """The family gives the place back; again is no change. Raises ``ReferralClosedError``."""
    found = await _locked(uow, principal, referral_id)
    if found.status == ReferralStatus.DECLINED:
        return
    await _change(uow, found, _HELD, ReferralStatus.DECLINED)
    await _give_back(uow, [found])
    await applications.step(uow, Reason.PLACE_DECLINED, found.application_id, principal)


async def withdraw_application(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str | None) -> None:
    """The family takes the application back, with the place it holds."""
    await applications.visible_application(uow, principal, application_id)
    await applications.lock(uow, [application_id])
    found = await repository.live_of(uow.session, application_id)
    if found is not None and found.status in _HELD:
        await _change(uow, found, _HELD, ReferralStatus.WITHDRAWN)
        await _give_back(uow, [found])
    await applications.step(uow, Reason.WITHDRAWN, application_id, principal, note=note)


async def expire(runtime: Runtime) -> None:
    """Job: places of families that did not answer in time go back."""
    while True:
        async with runtime.uow() as uow:
            today = uow.clock.date_of(uow.now)
            seen = await repository.overdue(uow.session, today, _OVERDUE_AT_ONCE)
            await applications.lock(uow, [row.application_id for row in seen])
            # A family may have answered meanwhile, and have been referred anew.
            rows = await repository.overdue(uow.session, today, _OVERDUE_AT_ONCE, [row.id for row in seen])
            await applications.move(uow, Reason.ANSWER_OVERDUE, [(row.application_id, None) for row in rows])
            await _close(uow, rows, ReferralStatus.PENDING, ReferralStatus.EXPIRED)
        if len(seen) < _OVERDUE_AT_ONCE:
            return


async def accepted(uow: UnitOfWork, campaign_id: UUID, organization_id: UUID) -> Sequence[Record]:
    """Accepted referrals of an organization, their applications locked."""
    rows = await repository.accepted(uow.session, campaign_id, organization_id)
    await applications.lock(uow, [row.application_id for row in rows])
    return await repository.accepted(uow.session, campaign_id, organization_id)


async def put_in_order(uow: UnitOfWork, order_id: UUID, admissions: Mapping[UUID, UUID]) -> None:
    """Accepted referrals enter an order (referral → id of the approval)."""
    await repository.order(uow.session, order_id, list(admissions.items()), uow.now)


async def ordered(
    uow: UnitOfWork, *, applications_of: Sequence[UUID] = (), admissions: Sequence[UUID] = ()
) -> Sequence[Record]:
    """Referrals that stand in orders, by application or by the approval sent, in order of applications."""
    rows = [
        *(await repository.ordered_by_application(uow.session, applications_of)),
        *(await repository.ordered_by_admission(uow.session, admissions)),
    ]
    return sorted(rows, key=lambda row: row.application_id)


async def fulfil(uow: UnitOfWork, rows: Sequence[Record]) -> None:
    """The registry has placed the children."""
    await _close(uow, rows, ReferralStatus.ORDERED, ReferralStatus.ENROLLED)


async def reject(uow: UnitOfWork, rows: Sequence[Record]) -> None:
    """The registry could not place the children: their places go back."""
    await _close(uow, rows, ReferralStatus.ORDERED, ReferralStatus.REJECTED)


async def keep(uow: UnitOfWork, rows: Sequence[Record]) -> None:
    """The registry could not take the children yet: their places stay theirs by new referrals, ready for another order.

    The old ones stay with the orders they were in, whose approvals can be sent again.
    """
    changed = await repository.change(
        uow.session, [row.id for row in rows], (ReferralStatus.ORDERED,), ReferralStatus.REJECTED, uow.now
    )
    fresh = {"status": ReferralStatus.ACCEPTED, "created_at": uow.now, "order_id": None, "admission_id": None}
    await repository.add(uow.session, [row._asdict() | fresh | {"id": new_id()} for row in changed])


async def enrolled_by_group(uow: UnitOfWork, groups: Sequence[UUID]) -> dict[UUID, int]:
    """How many took a place by any campaign and study, by group."""
    return await repository.by_group(uow.session, groups, (ReferralStatus.ENROLLED,))


async def owed_by_group(uow: UnitOfWork, groups: Sequence[UUID]) -> dict[UUID, int]:
    """How many hold a place by any campaign that the registry does not know of yet, by group."""
    return await repository.by_group(uow.session, groups, OWED)


async def _locked(uow: UnitOfWork, principal: Principal, referral_id: UUID) -> Record:
    """A referral of an application the principal sees, read again after its application is locked."""
    found = await repository.get(uow.session, referral_id)
    if found is None:
        raise NotFoundError
    await applications.visible_application(uow, principal, found.application_id)
    await applications.lock(uow, [found.application_id])
    locked = await repository.get(uow.session, referral_id)
    if locked is None:
        raise NotFoundError
    return locked


async def _change(
    uow: UnitOfWork,
    row: Record,
    origins: Sequence[ReferralStatus],
    status: ReferralStatus,
) -> None:
    if not await repository.change(uow.session, [row.id], origins, status, uow.now):
        raise ReferralClosedError


async def _close(uow: UnitOfWork, rows: Sequence[Record], origin: ReferralStatus, status: ReferralStatus) -> None:
    """Change referrals whose applications are locked; places are freed when the new status holds none."""
    changed = await repository.change(uow.session, [row.id for row in rows], (origin,), status, uow.now)
    if status not in LIVE:
        await _give_back(uow, changed, staying=status is not ReferralStatus.REPLACED)


async def _give_back(uow: UnitOfWork, rows: Sequence[Record], *, staying: bool = True) -> None:
    """Free the places of closed referrals; ``staying``: a child that was to leave another place for it stays there."""
    for campaign_id in sorted({row.campaign_id for row in rows}):
        own = [row for row in rows if row.campaign_id == campaign_id]
        await offers.free(uow, campaign_id, (row.group_id for row in own))
        if staying:
            await offers.stay(uow, campaign_id, (row.leaves_group_id for row in own if row.leaves_group_id is not None))
