"""Sample calls of the routes of counted reports."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from ..telling import DAY, tell_of


async def kinds(_world: World, _place: Place) -> Call:
    return Call("/counted-reports")


async def counted(world: World, place: Place) -> Call:
    await tell_of(world, place)
    return Call("/counted-reports/classes", {"params": {"organization_id": str(place.organization_id), "date": DAY}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_counted_reports": Sample(kinds, scoped=False),
    "get_counted_report": Sample(counted),
}
