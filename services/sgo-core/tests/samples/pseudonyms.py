"""Sample calls of names by statistical ids. Whom the caller does not see is left out of the answer: ``test_pseudonyms`` shows it."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .registry import place_student
from .staff import place_worker


async def name_students(world: World, place: Place) -> Call:
    registry, student_id = await place_student(world, place)
    asked = await registry.value("SELECT statistical_id FROM student WHERE id = $1", student_id)
    return Call("/students/by-statistical-ids", {"json": {"statistical_ids": [str(asked)]}})


async def name_workers(world: World, place: Place) -> Call:
    registry, hired = await place_worker(world, place)
    asked = await registry.value("SELECT statistical_id FROM worker WHERE id = $1", hired["worker_id"])
    return Call("/workers/by-statistical-ids", {"json": {"statistical_ids": [str(asked)]}})


SAMPLES: dict[str, Sample | Listing] = {
    "name_students": Sample(name_students, scoped=False),
    "name_workers": Sample(name_workers, scoped=False),
}
