"""Buildings as contract events."""

from asu_contracts.core import BuildingChanged
from sgo_core.buildings.model import Building


def building_changed(building: Building) -> BuildingChanged:
    """The current state of a building."""
    return BuildingChanged(
        building_id=building.id,
        organization_id=building.organization_id,
        name=building.name,
        purpose=building.purpose,
        address=building.address["text"],
        lessons=building.lessons,
        capacity=building.capacity,
        used_from=building.used_from,
        used_to=building.used_to,
    )
