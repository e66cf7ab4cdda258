"""Sample calls of the routes of counts and leavers."""

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .registry import place_student

_PERIOD = {"from": "2026-09-01", "to": "2027-08-31"}


async def consolidated(_world: World, _place: Place) -> Call:
    return Call("/contingent/consolidated")


async def dynamics(_world: World, _place: Place) -> Call:
    return Call("/contingent/dynamics", {"params": _PERIOD})


async def leavers(world: World, place: Place) -> Listed:
    registry, student_id = await place_student(world, place)
    day = "2026-10-05"
    await registry.depart(place.organization_id, student_id, day, number=f"в-{student_id}")
    return Listed(Call(f"/organizations/{place.organization_id}/leavers", {"params": _PERIOD}), student_id)


SAMPLES: dict[str, Sample | Listing] = {
    "get_consolidated_contingent": Sample(consolidated, scoped=False),
    "get_contingent_dynamics": Sample(dynamics, scoped=False),
    "list_leavers": Listing(leavers, key="student_id", denied=404),
}
