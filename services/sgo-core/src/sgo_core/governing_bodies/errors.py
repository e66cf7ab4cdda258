"""Errors of the list of governing bodies."""

from servicekit.errors import DomainError, Kind


class BodyExistsError(DomainError):
    """The region has one ministry, a municipality one body."""

    code = "governing-bodies.exists"
    kind = Kind.CONFLICT
    title = "Такой орган управления уже есть"


class BodyTerritoryError(DomainError):
    """A municipal body without a known municipality, or another one with it."""

    code = "governing-bodies.territory"
    kind = Kind.INVALID
    title = "Муниципальное образование указывается для муниципального органа, и только для него"
