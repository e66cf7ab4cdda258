"""Sample calls of bundles: an archive is of the territory, and its orderer's alone."""

from typing import Any
from uuid import UUID

from asu_contracts.access import UNIT_OF_ROLE, UnitKind
from reporting.bootstrap import SERVICE
from servicekit.runs import RunExecutor
from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from ..factories import Reporting
from ..telling import DAY, tell_of


async def body(world: World, place: Place) -> dict[str, Any]:
    await tell_of(world, place)
    await Reporting(world.service).build(form="85-k", organization_id=str(place.organization_id), as_of=DAY)
    unit = {"municipality": place.municipality} if UNIT_OF_ROLE[world.role] is UnitKind.MUNICIPALITY else {}
    return {"form": "85-k", "as_of": DAY, "formats": ["csv"], **unit}


async def order(world: World, place: Place) -> Call:
    return Call("/bundles", {"json": await body(world, place)})


async def made(world: World, place: Place) -> str:
    """A bundle that the caller ordered; the caller of another territory gets its own, which is not the place's."""
    headers = world.headers(world.role)
    if UNIT_OF_ROLE[world.role] is UnitKind.MUNICIPALITY:
        headers = Reporting(world.service).headers(
            world.role, municipality=place.municipality, account_id=world.account_id
        )
    ordered = await world.service.client.post("/bundles", json=await body(world, place), headers=headers)
    assert ordered.status_code == 202, ordered.text
    run_id = UUID(ordered.json()["id"])
    await RunExecutor(world.service.runtime, SERVICE.slow_runs)._execute(run_id)
    (row,) = await world.service.fetch("SELECT result->>'bundle_id' FROM run WHERE id = $1", run_id)
    return str(row[0])


async def one(world: World, place: Place) -> Call:
    return Call(f"/bundles/{await made(world, place)}")


async def file(world: World, place: Place) -> Call:
    return Call(f"/bundles/{await made(world, place)}/file")


async def listed(_world: World, _place: Place) -> Call:
    return Call("/bundles")


SAMPLES: dict[str, Sample | Listing] = {
    "order_bundle": Sample(order),
    "get_bundle": Sample(one),
    "get_bundle_file": Sample(file),
    "list_bundles": Sample(listed, scoped=False),
}
