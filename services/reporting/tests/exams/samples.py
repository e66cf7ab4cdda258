"""Sample calls of the routes of exam results."""

from typing import Any

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import Reporting
from ..telling import tell_of
from .results import load, table


async def imported(world: World, place: Place) -> str:
    """Results of a place, loaded by the region; the import's id."""
    await tell_of(world, place)
    headers = Reporting(world.service).headers(Role.REGION_ADMIN)
    answer = await load(world.service, headers, table({"organization_id": place.organization_id}))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["import_id"])


async def template(_world: World, _place: Place) -> Call:
    return Call("/exam-imports/template")


async def importing(world: World, place: Place) -> Call:
    await tell_of(world, place)
    content = table({"organization_id": place.organization_id, "subject": "Физика"})
    return Call("/exam-imports", {"files": {"file": ("результаты.csv", content)}})


async def imports(world: World, place: Place) -> Listed:
    return Listed(Call("/exam-imports"), await imported(world, place))


async def results(world: World, place: Place) -> Listed:
    await imported(world, place)
    return Listed(Call("/exam-results", {"params": {"academic_year": 2025}}), place.organization_id)


async def comparison(world: World, place: Place) -> Call:
    await imported(world, place)
    params: dict[str, Any] = {"academic_year": 2025, "organization_id": str(place.organization_id)}
    return Call("/exam-comparison", {"params": params})


SAMPLES: dict[str, Sample | Listing] = {
    "get_exam_template": Sample(template, scoped=False),
    "import_exams": Sample(importing, denied=422),
    "list_exam_imports": Listing(imports),
    "list_exam_results": Listing(results, key="organization_id"),
    "compare_exams": Sample(comparison),
}
