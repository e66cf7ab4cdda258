"""Use cases of referrals. A change of a live referral keeps the offer's count of taken places in the same transaction."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from eu_enrollment.allocation.problem import Seat
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.offers import service as offers
from eu_enrollment.referrals import policies, repository, terms
from eu_enrollment.referrals.errors import ReferralClosedError
from eu_enrollment.referrals.model import HELD, LIVE, OWED, ReferralStatus
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_MAY_NOT_SHOW = (ReferralStatus.PENDING, ReferralStatus.ACCEPTED, ReferralStatus.CONTRACT)
_LAPSES = {ReferralStatus.PENDING: Reason.ANSWER_OVERDUE, ReferralStatus.CONTRACT: Reason.CONTRACT_OVERDUE}
"""Where the family alone is waited for: when the last day has passed, the place goes back."""
_OVERDUE_AT_ONCE = 500


async def pending(uow: UnitOfWork, campaign_id: UUID) -> Sequence[Record]:
    """Referrals of a campaign that wait for an answer."""
    return await repository.pending(uow.session, campaign_id)


async def seated(
    uow: UnitOfWork, campaign_id: UUID, groups: Sequence[UUID], *, answered: bool
) -> Mapping[UUID, Counter[str]]:
    """How many who hold a place of the campaign, or held it until the child came, could take reserved places, by group and kind.

    ``answered``: but for those that wait for an answer.
    """
    statuses = [status for status in LIVE if not (answered and status is ReferralStatus.PENDING)]
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for group_id, kind, count in await repository.seated(uow.session, campaign_id, groups, statuses):
        found[group_id][kind] = count
    return found


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
    answer_by = terms.answer_by(campaign, uow.clock.date_of(uow.now))
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
                "due_on": answer_by,
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
    found = await locked(uow, principal, referral_id)
    if found.status == ReferralStatus.ACCEPTED:
        return
    today = uow.clock.date_of(uow.now)
    if found.answer_by < today:
        raise ReferralClosedError
    campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
    due_on = terms.contract_by(campaign, today) or terms.order_by(campaign, uow.clock, today)
    await change(uow, found, (ReferralStatus.PENDING,), ReferralStatus.ACCEPTED, due_on=due_on)
    await applications.step(
        uow,
        Reason.PLACE_ACCEPTED,
        found.application_id,
        principal,
        organization_id=found.organization_id,
        due_on=due_on,
    )


async def decline(uow: UnitOfWork, principal: Principal, referral_id: UUID) -> None:
    """The family gives the place back; again is no change. Raises ``ReferralClosedError``."""
    found = await locked(uow, principal, referral_id)
    if found.status == ReferralStatus.DECLINED:
        return
    await change(uow, found, HELD, ReferralStatus.DECLINED)
    await _give_back(uow, [found])
    await applications.step(uow, Reason.PLACE_DECLINED, found.application_id, principal)


async def note_no_show(uow: UnitOfWork, principal: Principal, referral_id: UUID, note: str | None) -> None:
    """The family did not appear: the place goes back; again is no change. Raises ``ReferralClosedError``."""
    found = await locked(uow, principal, referral_id)
    if found.status == ReferralStatus.NO_SHOW:
        return
    await change(uow, found, _MAY_NOT_SHOW, ReferralStatus.NO_SHOW)
    await _give_back(uow, [found])
    await applications.step(uow, Reason.NO_SHOW, found.application_id, principal, note=note)


async def withdraw_application(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str | None) -> None:
    """The family takes the application back, with the place it holds."""
    await applications.visible_application(uow, principal, application_id)
    await applications.lock(uow, [application_id])
    found = await repository.live_of(uow.session, application_id)
    if found is not None and found.status in HELD:
        await change(uow, found, HELD, ReferralStatus.WITHDRAWN)
        await _give_back(uow, [found])
    await applications.step(uow, Reason.WITHDRAWN, application_id, principal, note=note)


async def expire(runtime: Runtime) -> None:
    """Job: places of families that did not answer in time, or did not sign the contract, go back."""
    for status in _LAPSES:
        while await _expire_some(runtime, status) == _OVERDUE_AT_ONCE:
            pass


async def _expire_some(runtime: Runtime, status: ReferralStatus) -> int:
    async with runtime.uow() as uow:
        today = uow.clock.date_of(uow.now)
        seen = await repository.overdue(uow.session, status, today, _OVERDUE_AT_ONCE)
        await applications.lock(uow, [row.application_id for row in seen])
        # A family may have answered meanwhile, and have been referred anew.
        rows = await repository.overdue(uow.session, status, today, _OVERDUE_AT_ONCE, [row.id for row in seen])
        await applications.move(uow, _LAPSES[status], [(row.application_id, None) for row in rows])
        await _close(uow, rows, status, ReferralStatus.NO_SHOW)
    return len(seen)


async def ready_to_order(uow: UnitOfWork, campaign: Campaign, organization_id: UUID) -> Sequence[Record]:
    """Referrals of an organization whose children can be ordered to be admitted, their applications locked.

    Where the rules know a contract, it has been signed; elsewhere the place is accepted.
    """
    contract = campaign.rules.terms.contract is not None
    status = ReferralStatus.CONTRACTED if contract else ReferralStatus.ACCEPTED
    seen = {row.application_id for row in await repository.standing(uow.session, campaign.id, organization_id, status)}
    await applications.lock(uow, sorted(seen))
    rows = await repository.standing(uow.session, campaign.id, organization_id, status)
    return [row for row in rows if row.application_id in seen]  # who came meanwhile is not locked: the next order's


async def put_in_order(uow: UnitOfWork, order_id: UUID, admitted: Mapping[UUID, tuple[UUID, UUID | None]]) -> None:
    """Referrals enter an order: by referral the id of the approval, and the organization that the child comes from."""
    await repository.order(uow.session, order_id, admitted, uow.now)


async def live_of(uow: UnitOfWork, application_id: UUID) -> Record | None:
    """The referral that holds a place for an application."""
    return await repository.live_of(uow.session, application_id)


async def of_order(uow: UnitOfWork, order_id: UUID) -> Sequence[Record]:
    """Every referral an order was about, in order of applications."""
    return await repository.of_order(uow.session, order_id)


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
    fresh = {"created_at": uow.now, "order_id": None, "admission_id": None, "from_organization_id": None}
    await repository.add(
        uow.session,
        [row._asdict() | fresh | {"id": new_id(), "status": _before_order(row)} for row in changed],
    )


def _before_order(row: Record) -> ReferralStatus:
    return ReferralStatus.ACCEPTED if row.contract_number is None else ReferralStatus.CONTRACTED


async def occupants_by_group(uow: UnitOfWork, groups: Sequence[UUID]) -> Counter[UUID]:
    """How many occupants of a group leave places to offer: they took one by a campaign themselves, or are to leave for a better one."""
    enrolled = await repository.by_group(uow.session, groups, (ReferralStatus.ENROLLED,))
    leaving = await repository.by_group(uow.session, groups, OWED, leaving=True)
    return Counter(enrolled) + Counter(leaving)


async def owed_by_group(uow: UnitOfWork, groups: Sequence[UUID]) -> dict[UUID, int]:
    """How many hold a place by any campaign that the registry does not know of yet, by group."""
    return await repository.by_group(uow.session, groups, OWED)


async def visible_referral(uow: UnitOfWork, principal: Principal, referral_id: UUID) -> Record:
    """A referral the principal sees, of an application it sees; raises ``NotFoundError``."""
    found = await repository.get(uow.session, referral_id, policies.visible(principal))
    if found is None:
        raise NotFoundError
    await applications.visible_application(uow, principal, found.application_id)
    return found


async def locked(uow: UnitOfWork, principal: Principal, referral_id: UUID) -> Record:
    """A referral of an application the principal sees, read again after its application is locked."""
    found = await visible_referral(uow, principal, referral_id)
    await applications.lock(uow, [found.application_id])
    again = await repository.get(uow.session, referral_id, policies.visible(principal))
    if again is None:
        raise NotFoundError
    return again


async def change(
    uow: UnitOfWork, row: Record, origins: Sequence[ReferralStatus], status: ReferralStatus, **more: object
) -> None:
    """Change a locked referral; raises ``ReferralClosedError`` when it stands at none of the origins."""
    if not await repository.change(uow.session, [row.id], origins, status, uow.now, **more):
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
