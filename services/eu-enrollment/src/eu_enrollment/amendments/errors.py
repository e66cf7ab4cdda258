"""Errors of amendments."""

from servicekit.errors import DomainError, Kind


class AmendmentRefusedError(DomainError):
    """The rules do not take the change, on this day or at all; the errors name the fields."""

    code = "application.change-refused"
    title = "Изменение не принимается по правилам кампании"


class NotAmendableError(DomainError):
    """The application does not stand where it can be changed."""

    code = "application.not-amendable"
    kind = Kind.CONFLICT
    title = "В нынешнем статусе заявление изменить нельзя"
