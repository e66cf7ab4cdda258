"""Sample calls of the search."""

from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .registry import another_student, place_student


async def find_students(_world: World, _place: Place) -> Call:
    return Call("/students/search", {"json": {"name": "Образцов Иван", "birth_date": "2019-03-01"}})


async def pair_in_list(world: World, place: Place) -> Listed:
    """Two children of the place, noted beside each other."""
    registry, one = await place_student(world, place)
    _, other = await another_student(world, place)
    pair = *sorted((one, other)), new_id()
    noted = await registry.value(
        "INSERT INTO duplicate_note (student_id, other_id, id, reason, noted_at) VALUES ($1, $2, $3, 'same_document', now()) "
        "ON CONFLICT (student_id, other_id) DO UPDATE SET reason = 'same_document' RETURNING id",
        *pair,
    )
    return Listed(Call("/students/duplicates"), noted)


SAMPLES: dict[str, Sample | Listing] = {
    "find_students": Sample(find_students, scoped=False),
    "list_duplicates": Listing(pair_in_list),
}
