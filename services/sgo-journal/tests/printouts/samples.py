"""Sample calls of the reports' routes."""

from servicekit.testing.matrix import Call, Place, Sample, World

from ..factories import MONDAY, School
from ..places import school_of

_DAY = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}


async def led_by(world: World, place: Place) -> School:
    """A school whose class the caller leads."""
    school = await school_of(world, place)
    await school.appoint(world.person_id)
    return school


async def listed(_world: World, _place: Place) -> Call:
    return Call("/reports")


async def of_class(world: World, place: Place) -> Call:
    school = await led_by(world, place)
    return Call(f"/groups/{school.group_id}/reports/accumulation", {"params": _DAY})


async def of_organization(world: World, place: Place) -> Call:
    await school_of(world, place)
    return Call(f"/organizations/{place.organization_id}/reports/filling", {"params": _DAY})


SAMPLES = {
    "list_reports": Sample(listed, scoped=False),
    "report_of_class": Sample(of_class),
    "report_of_organization": Sample(of_organization),
}
