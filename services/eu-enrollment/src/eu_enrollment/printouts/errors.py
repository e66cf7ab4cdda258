"""Errors of printed papers."""

from servicekit.errors import DomainError, Kind


class NoReferralError(DomainError):
    """The referral holds no place any more: no paper is given of it."""

    code = "printouts.no-referral"
    kind = Kind.CONFLICT
    title = "Направление больше не действует"


class NotRefusedError(DomainError):
    """A notice of refusal of an application that was not refused."""

    code = "printouts.not-refused"
    kind = Kind.CONFLICT
    title = "По заявлению не было отказа"
