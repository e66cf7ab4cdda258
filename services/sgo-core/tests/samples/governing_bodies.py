"""Sample calls of the routes of governing bodies."""

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from servicekit.testing.matrix import Call, Listing, Place, Sample, Target, World

from .registry import place_organization, plain

_ITSELF: dict[Role, frozenset[Target]] = {
    role: frozenset({Target.OWN, Target.FOREIGN}) if kind is UnitKind.DEPARTMENT else frozenset()
    for role, kind in UNIT_OF_ROLE.items()
    if role is not Role.REGION_ADMIN
}
"""The body of a place is the department that founded its organization, the foreign one too: only it has this cabinet."""


async def register_governing_body(_world: World, _place: Place) -> Call:
    return Call("/governing-bodies", {"json": {"kind": "department", "full_name": "Ведомство", "short_name": "РОИВ"}})


async def get_governing_body(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(f"/governing-bodies/{place.founder_id}")


async def edit_governing_body(world: World, place: Place) -> Call:
    registry = await place_organization(world, place)
    version = await registry.value("SELECT version FROM governing_body WHERE id = $1", place.founder_id)
    body = {"reason": "Новый телефон", "phones": [f"+7 861 200-00-{version:02d}"]}
    options = {"json": body, "headers": {"If-Match": f'"{version}"'}}
    return Call(f"/governing-bodies/{place.founder_id}", options)


SAMPLES: dict[str, Sample | Listing] = {
    "list_governing_bodies": plain("/governing-bodies"),
    "register_governing_body": Sample(register_governing_body, scoped=False),
    "get_governing_body": Sample(get_governing_body, scoped=False),
    "edit_governing_body": Sample(edit_governing_body, visible=_ITSELF, denied=403),
}
