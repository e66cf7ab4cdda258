"""Sample calls of the routes of lists of people."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .registry import place_student
from .subgroups import led_class

_PERIOD = {"from": "2026-09-01", "to": "2027-08-31"}


async def kinds(_world: World, _place: Place) -> Call:
    return Call("/reports")


async def of_group(world: World, place: Place) -> Call:
    _, group_id = await led_class(world, place)
    await place_student(world, place)
    return Call(f"/groups/{group_id}/reports/social-passport", {"params": {"date": "2026-09-01"}})


async def of_organization(world: World, place: Place) -> Call:
    await place_student(world, place)
    return Call(f"/organizations/{place.organization_id}/reports/arrivals", {"params": _PERIOD})


SAMPLES: dict[str, Sample | Listing] = {
    "list_reports": Sample(kinds, scoped=False),
    "report_of_group": Sample(of_group),
    "report_of_organization": Sample(of_organization),
}
