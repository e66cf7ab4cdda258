"""Errors of referrals."""

from servicekit.errors import DomainError, Kind


class ReferralClosedError(DomainError):
    """The referral was answered otherwise, or its term has passed."""

    code = "referral.closed"
    kind = Kind.CONFLICT
    title = "По направлению уже дан другой ответ или срок ответа прошёл"


class ContractNotProvidedError(DomainError):
    """The rules of the campaign know no contract: schools enrol without one."""

    code = "referral.no-contract"
    kind = Kind.CONFLICT
    title = "Правилами этой кампании договор не предусмотрен"


class ContractTermError(DomainError):
    """The contract is to be signed on a day that has passed, or too far away."""

    code = "referral.contract-term"
    title = "Срок подписания договора — не раньше сегодняшнего дня и не позже чем через 90 дней"


class ContractDateError(DomainError):
    """The contract is of a day before it was offered, or of one to come."""

    code = "referral.contract-date"
    title = "Договор не может быть заключён раньше приёма места или в будущем"


class TermExtendedError(DomainError):
    """The term of a step is extended once."""

    code = "referral.extended"
    kind = Kind.CONFLICT
    title = "Срок этого шага уже продлевался"


class ExtensionError(DomainError):
    """The new day is not after the one that stands, or too far away."""

    code = "referral.extension"
    title = "Новый срок — позже прежнего, не раньше сегодняшнего дня и не больше чем на 90 дней"
