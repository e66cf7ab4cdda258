"""Last days of the steps of a referral, by the terms of the campaign's rules."""

from datetime import date, timedelta

from eu_enrollment.campaigns.rules import CampaignKind
from eu_enrollment.campaigns.service import Campaign
from servicekit.clock import Clock

_MOMENT = timedelta(microseconds=1)


def answer_by(campaign: Campaign, today: date) -> date:
    """When a family referred today has to answer."""
    return campaign.rules.terms.referral_answer.last_day(today)


def contract_by(campaign: Campaign, today: date) -> date | None:
    """When a contract offered today has to be signed; nothing where there is none."""
    term = campaign.rules.terms.contract
    return None if term is None else term.last_day(today)


def order_by(campaign: Campaign, clock: Clock, since: date) -> date:
    """When the admission order is due of a child ready for it since a day.

    In the first wave the term runs from the end of intake (order 458, item 17): a place taken earlier waits for it.
    """
    if campaign.kind is CampaignKind.SCHOOL_FIRST_GRADE:
        since = max(since, clock.date_of(campaign.closes_at - _MOMENT))
    return campaign.rules.terms.admission_order.last_day(since)
