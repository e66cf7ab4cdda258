"""Sample calls of the routes of exports."""

from typing import Any

from asu_contracts.access import BODIES, OFFICE, UNIT_OF_ROLE, Role, UnitKind
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..world import Registry
from .registry import place_organization, place_student, plain

PURPOSE = "Сверка контингента по запросу министерства"


def ordering(place: Place, **more: Any) -> dict[str, Any]:
    return {"kind": "students", "organization_id": str(place.organization_id), "purpose": PURPOSE, **more}


async def order_export(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call("/exports", {"json": ordering(place)})


async def _ordered(world: World, place: Place, headers: dict[str, str], **more: Any) -> tuple[Registry, dict[str, Any]]:
    registry, _ = await place_student(world, place)
    answer = await world.service.client.post("/exports", json=ordering(place, **more), headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return registry, made


def _headers(world: World, place: Place, *, own_account: bool) -> dict[str, str]:
    """The caller's own unit at its own place, elsewhere the office of the place."""
    if place.target is Target.OWN and world.is_of(*BODIES, *OFFICE):
        return world.headers(world.role, None if own_account else new_id())
    return world.service.tokens.headers(
        Role.SECRETARY, municipality=place.municipality, organization_id=place.organization_id
    )


async def get_export(world: World, place: Place) -> Call:
    _, made = await _ordered(world, place, _headers(world, place, own_account=True))
    return Call(f"/exports/{made['id']}")


async def list_exports(world: World, place: Place) -> Listed:
    _, made = await _ordered(world, place, _headers(world, place, own_account=True))
    return Listed(Call("/exports"), made["id"])


async def decide_export(world: World, place: Place) -> Call:
    _, made = await _ordered(world, place, _headers(world, place, own_account=False))
    await world.service.fetch("UPDATE export SET state = 'waiting', run_id = NULL WHERE id = $1", _id(made))
    await world.service.fetch("UPDATE run SET status = 'failed' WHERE id = $1", made["run_id"])
    return Call(f"/exports/{made['id']}/decision", {"json": {"approved": False}})


def _id(made: dict[str, Any]) -> str:
    found: str = made["id"]
    return found


async def get_export_file(world: World, place: Place) -> Call:
    headers = _headers(world, place, own_account=True)
    registry, made = await _ordered(world, place, headers)
    await registry.run(made["run_id"], headers)
    return Call(f"/exports/{made['id']}/file")


_OWN = frozenset({Target.OWN})
_UNITS = {role: _OWN for role, kind in UNIT_OF_ROLE.items() if kind is not UnitKind.PERSON}
"""What was ordered in another unit is not seen, wherever that unit stands; the regional administrator sees all."""
_SEEN = {**_UNITS, Role.REGION_ADMIN: frozenset(Target)}

SAMPLES: dict[str, Sample | Listing] = {
    "list_export_kinds": plain("/export-kinds"),
    "order_export": Sample(order_export),
    "list_exports": Listing(list_exports, visible=_SEEN),
    "get_export": Sample(get_export, visible=_SEEN),
    "decide_export": Sample(decide_export, visible=_SEEN),
    "get_export_file": Sample(get_export_file, visible=_UNITS),
}
