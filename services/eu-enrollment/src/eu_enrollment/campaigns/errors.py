"""Errors of campaigns."""

from servicekit.errors import DomainError, Kind


class UnknownRulesError(DomainError):
    """No such rule set, or it is for another kind of campaign."""

    code = "campaign.rules-unknown"
    title = "Нет такого набора правил для этого вида кампании"


class RulesNotInForceError(DomainError):
    """The rule set is not in force on the day the campaign opens."""

    code = "campaign.rules-not-in-force"
    title = "Правила не действуют на день открытия кампании"


class PeriodError(DomainError):
    """The campaign closes before it opens."""

    code = "campaign.period"
    title = "Кампания должна закрываться позже, чем открывается"


class CampaignClosedError(DomainError):
    """Applications are not accepted now."""

    code = "campaign.closed"
    kind = Kind.CONFLICT
    title = "Приём заявлений по этой кампании сейчас не ведётся"
