"""Rights are judged anew on each day and before places are given out: a document has run out, a category begins or ceases to count.

So are the conditions of the rules: a stay that is lawful no more, a ground that was the only one.

A family is told on the day, and some days before its right ends.
"""

from collections.abc import Sequence
from datetime import timedelta
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
from eu_enrollment.runtime import EnrollmentRuntime, runtime_of
from eu_enrollment.verifications import repository
from eu_enrollment.verifications.seeing import outlived
from eu_enrollment.verifications.service import doubt, judged_until, look_first, standing_of
from eu_enrollment.verifications.standing import Standing
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

LAPSED, BEGUN = "lapsed", "begun"
"""What has become of the rights: some organization's is weaker now, or some are stronger and none is weaker."""
_AT_ONCE = 500


async def watch(runtime: Runtime) -> None:
    """Job: date what has changed of rights since, and warn those whose right is about to end."""
    async with runtime.uow() as uow:
        found = await campaigns.every(uow)
    for campaign in found:
        await review(cast("EnrollmentRuntime", runtime), campaign.id)
        await _warn(runtime, campaign)


async def _warn(runtime: Runtime, campaign: Campaign) -> None:
    """Who has nothing to lose today is looked at again: a right may be confirmed shortly before it ends."""
    term = campaign.rules.terms.lapse_warning
    after: UUID | None = None
    while term is not None:
        async with runtime.uow() as uow:
            today = uow.clock.date_of(uow.now)
            rows = await contents.ending(uow.session, campaign.id, (today, term.last_day(today)), after, _AT_ONCE)
            for row in rows:
                if await _ends(uow, campaign, row):
                    note = row.judged_until.isoformat()
                    await applications.move(
                        uow, Reason.RIGHTS_ENDING, [(row.id, None)], note=note, attention=row.attention
                    )
                    await contents.told_of_end(uow.session, row.id, row.judged_until)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id


async def _ends(uow: UnitOfWork, campaign: Campaign, row: Record) -> bool:
    """Whether some right is weaker, or some condition met no more, on the day after the last one for which it is judged."""
    stated = applications.read_payload(runtime_of(uow.session).cipher, row.payload)
    after = row.judged_until + timedelta(days=1)
    then = await standing_of(uow, row, campaign, stated, after)
    rows = await repository.of_application(uow.session, row.id)
    return _weaker(row, await _claims(uow, row.id), then) or bool(
        await outlived(uow, campaign, row, stated, rows, after)
    )


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
    """A right that has changed is a step of the history; the day on which to look again is kept.

    Where a condition of the rules is met no more, an operator decides before the child can get a place.
    """
    stated = applications.read_payload(runtime_of(uow.session).cipher, row.payload)
    today = uow.clock.date_of(uow.now)
    before = await _claims(uow, row.id)
    rows = await repository.of_application(uow.session, row.id)
    unmet = await outlived(uow, campaign, row, stated, rows, today)
    for check in sorted(unmet):
        await doubt(uow, row.id, campaign.id, check)
    standing = await standing_of(uow, row, campaign, stated)
    after = list(standing.claims)
    weaker = bool(unmet) or _weaker(row, before, standing)
    if after != before or weaker:
        note = LAPSED if weaker else BEGUN
        place = [(row.id, row.organization_id)]
        seen = bool(unmet) or standing.kinds == ()  # or no place is left that it can take
        attention = standing.attention if seen else row.attention
        await applications.move(uow, Reason.RIGHTS_REVIEWED, place, note=note, attention=attention)
        await contents.stand_by(uow.session, row.id, after, standing.kinds)
    if unmet:
        await look_first(uow, row, standing)
    facts = facts_of(campaign, stated, today)
    await contents.judged(uow.session, row.id, await judged_until(uow, row.id, campaign.rules.judged_until(facts)))


async def _claims(uow: UnitOfWork, application_id: UUID) -> list[Claim]:
    """What an application stands by at each of its choices."""
    return [Claim(one.priority, tuple(one.reserves)) for one in await applications.choices(uow, application_id)]


def _weaker(row: Record, before: Sequence[Claim], after: Standing) -> bool:
    """Whether some right is weaker than before, or some kind of groups no longer for the child."""
    return not set(row.kinds or ()) <= set(after.kinds or ()) or any(
        new.priority > old.priority or not set(old.reserves) <= set(new.reserves)
        for new, old in zip(after.claims, before, strict=True)
    )
