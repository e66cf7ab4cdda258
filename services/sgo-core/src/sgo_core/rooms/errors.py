"""Errors of rooms."""

from servicekit.errors import DomainError, Kind


class RoomExistsError(DomainError):
    """The building has a room of this number in use."""

    code = "rooms.number-taken"
    kind = Kind.CONFLICT
    title = "В этом здании уже есть помещение с таким номером"


class RoomBuildingError(DomainError):
    """The building is not one that the organization uses."""

    code = "rooms.building"
    kind = Kind.INVALID
    title = "Организация не использует такое здание"


class UnknownRoomError(DomainError):
    """The organization has no such room in use."""

    code = "rooms.unknown"
    kind = Kind.INVALID
    title = "В организации нет такого действующего помещения"
