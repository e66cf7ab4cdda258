"""Sample calls of the routes of imports."""

from asu_contracts.access import OFFICE, Role
from servicekit.testing.matrix import Call, Listing, Place, Sample, Target, World

from ..world import row, xlsx
from .registry import NOTHING, place_organization, plain


async def start_import(world: World, place: Place) -> Call:
    await place_organization(world, place)
    if not world.is_of(*OFFICE):  # a body has tables of its own, about no organization
        return Call("/imports", {"files": {"file": ("list.xlsx", xlsx([]))}, "data": {"kind": "organizations"}})
    return Call(
        "/imports",
        {
            "files": {"file": ("list.xlsx", xlsx([row(1)]))},
            "data": {"kind": "students", "organization_id": str(place.organization_id), "academic_year": "2026"},
        },
    )


async def template(world: World, _place: Place) -> Call:
    kind = "students" if world.is_of(*OFFICE) else "organizations"
    return Call(f"/import-kinds/{kind}/template")


async def started(world: World, place: Place, suffix: str) -> Call:
    """An import the caller has started in the own organization; elsewhere it is another's."""
    registry = await place_organization(world, place)
    own = place.target is Target.OWN and world.is_of(*OFFICE)
    if world.is_of(*_BODIES):
        data, files = {"kind": "organizations"}, {"file": ("list.xlsx", xlsx([]))}
        answer = await world.service.client.post("/imports", data=data, files=files, headers=world.headers(world.role))
    else:
        headers = world.headers(world.role) if own else registry.office(place.organization_id)
        answer = await registry.upload(place.organization_id, xlsx([row(1)]), headers=headers)
    return Call(f"/imports/{answer.json()['id']}/{suffix}")


async def refused(world: World, place: Place) -> Call:
    return await started(world, place, "refused")


async def report(world: World, place: Place) -> Call:
    return await started(world, place, "report")


_BODIES = frozenset({Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR})
_STARTERS = {
    role: frozenset(Target) if role in _BODIES else frozenset({Target.OWN}) if role in OFFICE else NOTHING
    for role in Role
}

SAMPLES: dict[str, Sample | Listing] = {
    "list_import_kinds": plain("/import-kinds"),
    "get_import_template": Sample(
        template, scoped=False, visible=dict.fromkeys({*OFFICE, *_BODIES}, frozenset(Target))
    ),
    "start_import": Sample(start_import, visible=dict.fromkeys(_BODIES, frozenset(Target))),
    "list_refused_rows": Sample(refused, visible=_STARTERS),
    "get_import_report": Sample(report, visible=_STARTERS),
}
