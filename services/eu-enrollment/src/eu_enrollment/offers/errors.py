"""Errors of offers."""

from servicekit.errors import DomainError, Kind


class OffersRefusedError(DomainError):
    """Some offers cannot be made; the errors name each."""

    code = "offers.refused"
    title = "Места предложить нельзя"


class PlacesTakenError(DomainError):
    """A group whose places are referred may not be withdrawn."""

    code = "offers.taken"
    kind = Kind.CONFLICT
    title = "По группе уже выданы направления, её нельзя убрать из кампании"
