"""A sample call of the catalogue of reports."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World


async def catalogue(_world: World, _place: Place) -> Call:
    return Call("/catalogue")


SAMPLES: dict[str, Sample | Listing] = {"list_catalogue": Sample(catalogue, scoped=False)}
