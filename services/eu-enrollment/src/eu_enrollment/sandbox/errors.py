"""Errors of the sandbox."""

from servicekit.errors import DomainError, Kind


class TooManyCampaignsError(DomainError):
    """The client has as many test campaigns as it may."""

    code = "sandbox.too-many"
    kind = Kind.CONFLICT
    title = "Тестовых кампаний больше, чем разрешено"
