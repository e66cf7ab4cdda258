"""Rights are judged anew before places are given out: a document has run out since, or a category begins or ceases to count."""

from typing import cast
from uuid import UUID

from eu_enrollment.applications import contents
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.facts import facts_of
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import Claim
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.verifications.service import standing_of
from servicekit.uow import UnitOfWork

LAPSED, BEGUN = "lapsed", "begun"
"""What has become of the rights: some organization's is weaker now, or some are stronger and none is weaker."""
_AT_ONCE = 500


async def review(runtime: EnrollmentRuntime, campaign_id: UUID) -> None:
    """Let those who may get a place stand by the rights that count today.

    Each batch is a transaction of its own: a right ends at its own moment, before somebody else gets the place.
    """
    seen = _AT_ONCE
    while seen:
        async with runtime.uow() as uow:
            campaign = await campaigns.campaign_by_id(uow, campaign_id)
            seen = await _review(uow, campaign)


async def review_within(uow: UnitOfWork, campaign: Campaign) -> None:
    """The same within one transaction, for what is tried on a copy and for who has come back to the queue meanwhile."""
    while await _review(uow, campaign):
        pass


async def _review(uow: UnitOfWork, campaign: Campaign) -> int:
    rows = await contents.outdated(uow.session, campaign.id, uow.clock.date_of(uow.now), _AT_ONCE)
    for row in rows:
        await _judge(uow, campaign, row)
    return len(rows)


async def _judge(uow: UnitOfWork, campaign: Campaign, row: Record) -> None:
    """A right that has changed is a step of the history; the day on which to look again is kept."""
    runtime = cast("EnrollmentRuntime", uow.session.info["runtime"])
    stated = applications.read_payload(runtime.cipher, row.payload)
    before = [Claim(one.priority, tuple(one.reserves)) for one in await applications.choices(uow, row.id)]
    standing = await standing_of(uow, row, campaign, stated)
    after = list(standing.claims)
    fewer = not set(row.kinds or ()) <= set(standing.kinds or ())
    if after != before or fewer:
        lapsed = fewer or any(_weaker(new, old) for new, old in zip(after, before, strict=True))
        note = LAPSED if lapsed else BEGUN
        place = [(row.id, row.organization_id)]
        attention = standing.attention if standing.kinds == () else row.attention  # no place is left that it can take
        await applications.move(uow, Reason.RIGHTS_REVIEWED, place, note=note, attention=attention)
        await contents.stand_by(uow.session, row.id, after, standing.kinds)
    facts = facts_of(campaign, stated, uow.clock.date_of(uow.now))
    await contents.judged(uow.session, row.id, campaign.rules.judged_until(facts))


def _weaker(new: Claim, old: Claim) -> bool:
    return new.priority > old.priority or not set(old.reserves) <= set(new.reserves)
