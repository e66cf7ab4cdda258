"""Errors of ends and suspensions."""

from servicekit.errors import DomainError, Kind


class UnknownGroundError(DomainError):
    """The rules of the campaign know no such ground of refusal."""

    code = "refusal.ground-unknown"
    title = "Такого основания для отказа в правилах кампании нет"


class PlacesFreeError(DomainError):
    """A place is free that the child could have: for want of places it is not refused."""

    code = "refusal.places-free"
    kind = Kind.CONFLICT
    title = "Есть свободное место для ребёнка: отказать из-за отсутствия мест нельзя"
