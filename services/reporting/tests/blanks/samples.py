"""Sample calls of official blanks."""

from functools import cache

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from ..factories import Reporting
from .making import made, sending

blank = cache(made)


async def supply(_world: World, _place: Place) -> Call:
    return Call("/blanks", sending(blank()))


async def listed(_world: World, _place: Place) -> Call:
    return Call("/blanks")


async def supplied(world: World, place: Place) -> str:
    return await world.once("blank", place, lambda: _supplied(world))


async def _supplied(world: World) -> str:
    reporting = Reporting(world.service)
    answer = await world.service.client.post("/blanks", headers=reporting.headers(), **sending(blank()))
    return str(answer.json()["id"])


async def file(world: World, place: Place) -> Call:
    return Call(f"/blanks/{await supplied(world, place)}/file")


async def withdrawal(world: World, place: Place) -> Call:
    return Call(f"/blanks/{await supplied(world, place)}/withdrawal")


SAMPLES: dict[str, Sample | Listing] = {
    "supply_blank": Sample(supply, scoped=False),
    "list_blanks": Sample(listed, scoped=False),
    "get_blank_file": Sample(file, scoped=False),
    "withdraw_blank": Sample(withdrawal, scoped=False),
}
