"""An application is to state something else from a step on: how it stands by that, in the same transaction."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.amendments import repository
from eu_enrollment.applications import contents
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.derived import derive
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.service import Change
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns.rules import Channel
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.verifications import service as verifications
from eu_enrollment.verifications.checks import Check
from servicekit.crypto import FieldCipher
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


async def rewrite(
    uow: UnitOfWork,
    principal: Principal,
    cipher: FieldCipher,
    campaign: Campaign,
    row: Record,
    after: ApplicationIn,
    *,
    reason: Reason,
    change: Change,
    stale: Collection[Check],
    note: str | None = None,
) -> int | None:
    """Let a locked application state ``after``; its version then, ``None`` where it does not stand where the step begins.

    What it stated before is kept. ``stale`` are checks that say nothing any more; what is to be checked now decides whether it goes on
    waiting. A place that it holds stays.
    """
    place: list[tuple[UUID, UUID | None]] = [(row.id, row.organization_id)]
    await repository.keep(uow.session, row.id, row.version, row.payload, uow.now)
    standing = await verifications.restate(uow, row, stale, after)
    derived = derive(campaign, after, uow.clock.date_of(uow.now), Channel(row.channel))
    derived = replace(derived, judged_until=await verifications.judged_until(uow, row.id, derived.judged_until))
    payload = applications.seal_payload(cipher, after)
    aside = row.status == ApplicationStatus.REGISTERED and not row.of_age
    if aside:  # the step itself may let it into the queue, so that it must be of age by then
        await contents.rewrite(uow.session, row.id, derived, payload, change.queue_seq)
    if not await applications.move(
        uow, reason, place, principal=principal, note=note, attention=standing.attention, change=change
    ):
        return None
    if not aside:
        await contents.rewrite(uow.session, row.id, derived, payload, change.queue_seq)
    await contents.can_take(uow.session, row.id, standing.kinds)
    wishes = list(zip([choice.organization_id for choice in after.choices], standing.claims, strict=True))
    await contents.choose(uow.session, row.id, row.campaign_id, wishes, (uow.now, reason))
    version: int = row.version + 1
    if standing.clear and row.status in verifications.BEFORE_QUEUE:
        await applications.move(uow, Reason.CHECKED, place, attention=standing.attention)
        return version + 1
    return version + await verifications.look_first(uow, row, standing)
