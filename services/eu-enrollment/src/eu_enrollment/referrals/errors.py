"""Errors of referrals."""

from servicekit.errors import DomainError, Kind


class ReferralClosedError(DomainError):
    """The referral was answered otherwise, or its term has passed."""

    code = "referral.closed"
    kind = Kind.CONFLICT
    title = "По направлению уже дан другой ответ или срок ответа прошёл"
