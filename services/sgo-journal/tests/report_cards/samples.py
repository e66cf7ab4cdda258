"""Sample calls of the report cards' routes."""

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Place, Sample, Target, World

from ..diary.samples import FAMILY, PERIOD
from ..factories import MONDAY, YEAR, School, child_of
from ..totals.samples import ready


async def a_student(world: World, place: Place) -> tuple[School, str]:
    """A student of the class that the caller leads: the caller, or the caller's child, at OWN; with a lesson on Monday."""
    school = await ready(world, place)
    own = place.target is Target.OWN
    itself = own and world.is_of(Role.STUDENT)
    student = await child_of(school, world.person_id if own else new_id(), itself=itself)
    await school.lesson()
    return school, f"/students/{student}"


async def card(world: World, place: Place) -> Call:
    _, path = await a_student(world, place)
    return Call(f"{path}/report-card", {"params": {"academic_year": YEAR}})


async def document(world: World, place: Place) -> Call:
    school, path = await a_student(world, place)
    params = {"academic_year": YEAR, "organization_id": str(school.organization_id)}
    return Call(f"{path}/report-card/document", {"params": params})


async def means(world: World, place: Place) -> Call:
    _, path = await a_student(world, place)
    return Call(f"{path}/means", {"params": PERIOD})


async def trial(world: World, place: Place) -> Call:
    school, path = await a_student(world, place)
    [journal] = await school.service.fetch("SELECT subject_id FROM journal WHERE id = $1", await school.journal())
    body = {
        "organization_id": str(school.organization_id),
        "course_id": str(journal["subject_id"]),
        "from": MONDAY.isoformat(),
        "to": MONDAY.isoformat(),
        "marks": [{"value": "5", "weight": "2"}],
    }
    return Call(f"{path}/means/trial", {"json": body})


SAMPLES: dict[str, Sample] = {
    "read_report_card": Sample(card, visible=FAMILY),
    "print_report_card": Sample(document, visible=FAMILY),
    "read_means": Sample(means, visible=FAMILY),
    "try_marks": Sample(trial, visible=FAMILY),
}
