"""Rooms as contract events."""

from asu_contracts.core import RoomChanged
from sgo_core.rooms.model import Room


def room_changed(room: Room) -> RoomChanged:
    """The current state of a room."""
    return RoomChanged(
        room_id=room.id,
        organization_id=room.organization_id,
        building_id=room.building_id,
        number=room.number,
        title=room.title,
        kind=room.kind,
        capacity=room.capacity,
        floor=room.floor,
        active=room.active,
    )
