"""Sample calls of the portal's exchange."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .places import application, plain


async def statuses(world: World, place: Place) -> Call:
    _, application_id = await application(world, place)
    return Call("/applications/statuses", {"json": {"ids": [application_id]}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_statuses": Sample(statuses, scoped=False),
    "list_changes": Sample(plain("/portal/changes"), scoped=False),
}
