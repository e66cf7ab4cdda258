"""Sample calls of the totals' routes."""

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import School
from ..places import school_of
from .columns import save, total


async def ready(world: World, place: Place) -> School:
    """A school with its calendar; the caller teaches there and leads the class."""
    school = await school_of(world, place)
    await school.set_year()
    await school.appoint(school.teacher_id)
    return school


async def read_totals(world: World, place: Place) -> Call:
    return Call(f"/journals/{await (await ready(world, place)).journal()}/totals")


async def save_totals(world: World, place: Place) -> Call:
    school = await ready(world, place)
    [student] = await school.enrol("Образцова")
    return Call(f"/journals/{await school.journal()}/totals", {"json": {"totals": [total(student, "5")]}})


async def list_total_changes(world: World, place: Place) -> Listed:
    school = await ready(world, place)
    [student] = await school.enrol("Образцова")
    saved = await save(school, total(student, "5"), headers=school.admin)
    assert saved.status_code == 200, saved.text
    return Listed(Call(f"/journals/{await school.journal()}/totals/changes"), str(student))


async def suggest_totals(world: World, place: Place) -> Call:
    journal = await (await ready(world, place)).journal()
    return Call(f"/journals/{journal}/totals/suggestions", {"params": {"kind": "period", "period": 1}})


async def read_journal_results(world: World, place: Place) -> Call:
    return Call(f"/journals/{await (await ready(world, place)).journal()}/results")


async def read_class_results(world: World, place: Place) -> Call:
    school = await ready(world, place)
    return Call(f"/groups/{school.group_id}/results", {"params": {"kind": "period", "period": 1}})


SAMPLES: dict[str, Sample | Listing] = {
    "read_totals": Sample(read_totals),
    "save_totals": Sample(save_totals),
    "list_total_changes": Listing(list_total_changes, key="student_id", denied=404),
    "suggest_totals": Sample(suggest_totals),
    "read_journal_results": Sample(read_journal_results),
    "read_class_results": Sample(read_class_results),
}
