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


class IntakeError(DomainError):
    """The rules have other days for the opening or the end of acceptance; the errors name each."""

    code = "campaign.intake"
    title = "Сроки приёма не соответствуют правилам"


class SeveralRulesError(DomainError):
    """Several rule sets are in force: one must be named."""

    code = "campaign.rules-several"
    title = "На день открытия действует несколько наборов правил, укажите нужный"


class CampaignClosedError(DomainError):
    """Applications are not accepted now."""

    code = "campaign.closed"
    kind = Kind.CONFLICT
    title = "Приём заявлений по этой кампании сейчас не ведётся"
