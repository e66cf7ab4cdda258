"""Schools of the matrix of rights."""

from servicekit.testing.matrix import Place, World

from .factories import School


async def school_of(world: World, place: Place) -> School:
    """The place's school; the caller teaches in it."""
    school = School(
        world.service,
        place.organization_id,
        teacher_id=world.person_id,
        municipality=place.municipality,
        founder_id=place.founder_id,
    )
    return await school.open()
