"""Sample calls of the routes of what was brought."""

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Place, Sample, Target, World

from ..factories import YEAR, child_of
from ..places import school_of

FAMILY = {Role.GUARDIAN: frozenset({Target.OWN}), Role.STUDENT: frozenset({Target.OWN})}


async def read_journal_brought(world: World, place: Place) -> Call:
    return Call(f"/journals/{await (await school_of(world, place)).journal()}/brought-marks")


async def read_student_brought(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    await school.appoint(school.teacher_id)
    own = place.target is Target.OWN
    itself = own and world.is_of(Role.STUDENT)
    student = await child_of(school, world.person_id if own else new_id(), itself=itself)
    return Call(f"/students/{student}/brought-marks", {"params": {"academic_year": YEAR}})


SAMPLES: dict[str, Sample] = {
    "read_journal_brought": Sample(read_journal_brought),
    "read_student_brought": Sample(read_student_brought, visible=FAMILY),
}
