"""Sample calls of the registry of outward exchanges."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import Reporting
from ..telling import DAY, tell_of


async def taken(world: World, place: Place) -> str:
    """A report of the place that somebody took out; the exchange's id."""
    return await world.once("exchange", place, lambda: _taken(world, place))


async def _taken(world: World, place: Place) -> str:
    await tell_of(world, place)
    reporting = Reporting(world.service)
    report = await reporting.build(form="85-k", organization_id=str(place.organization_id), as_of=DAY)
    await reporting.get(f"/reports/{report}/csv")
    found: list[Any] = (await reporting.get("/outward-exchanges", None, report_id=report)).json()["items"]
    return str(found[0]["id"])


async def listed(world: World, place: Place) -> Listed:
    return Listed(Call("/outward-exchanges"), await taken(world, place))


async def one(world: World, place: Place) -> Call:
    return Call(f"/outward-exchanges/{await taken(world, place)}")


async def replay(world: World, place: Place) -> Call:
    return Call(f"/outward-exchanges/{await taken(world, place)}/replay")


async def handing_on(world: World, place: Place) -> Call:
    body = {"kind": "handover", "receiver": "Краснодарстат", "basis": "Приказ № 332"}
    return Call(f"/outward-exchanges/{await taken(world, place)}/handing-on", {"json": body})


SAMPLES: dict[str, Sample | Listing] = {
    "list_outward_exchanges": Listing(listed),
    "get_outward_exchange": Sample(one),
    "replay_outward_exchange": Sample(replay),
    "hand_on": Sample(handing_on),
}
