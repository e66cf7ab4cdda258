"""Sample calls of the routes of imports."""

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from ..world import row, xlsx
from .registry import NOTHING, place_organization, plain


async def start_import(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(
        "/imports",
        {
            "files": {"file": ("list.xlsx", xlsx([row(1)]))},
            "data": {"kind": "students", "organization_id": str(place.organization_id), "academic_year": "2026"},
        },
    )


async def import_of_another(world: World, place: Place, suffix: str) -> Call:
    registry = await place_organization(world, place)
    answer = await registry.upload(place.organization_id, xlsx([row(1)]))
    return Call(f"/imports/{answer.json()['id']}/{suffix}")


async def refused(world: World, place: Place) -> Call:
    return await import_of_another(world, place, "refused")


async def report(world: World, place: Place) -> Call:
    return await import_of_another(world, place, "report")


SAMPLES: dict[str, Sample | Listing] = {
    "list_import_kinds": plain("/import-kinds"),
    "get_import_template": plain("/import-kinds/students/template"),
    "start_import": Sample(start_import),
    "list_refused_rows": Sample(refused, visible=dict.fromkeys(Role, NOTHING)),
    "get_import_report": Sample(report, visible=dict.fromkeys(Role, NOTHING)),
}
