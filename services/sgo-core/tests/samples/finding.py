"""Sample calls of the search."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World


async def find_students(_world: World, _place: Place) -> Call:
    return Call("/students/search", {"json": {"name": "Образцов Иван", "birth_date": "2019-03-01"}})


SAMPLES: dict[str, Sample | Listing] = {"find_students": Sample(find_students, scoped=False)}
