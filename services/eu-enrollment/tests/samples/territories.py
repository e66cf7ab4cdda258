"""Sample calls of territories."""

import json

from asu_contracts.core import OrganizationKind
from servicekit.testing.matrix import Call, Place, Sample, World

from ..factories import Town, organization
from ..territories.acts import act, line


async def _town(world: World, place: Place) -> Town:
    town = Town(world.service, place.municipality)
    await town.hear(organization(place.municipality, OrganizationKind.SCHOOL, place.organization_id))
    return town


async def publish_act(world: World, place: Place) -> Call:
    await _town(world, place)
    sent = act(line(place.organization_id), municipality=place.municipality)
    return Call("/territory-acts", {"json": sent})


async def lines(world: World, place: Place) -> Call:
    town = await _town(world, place)
    sent = act(line(place.organization_id), municipality=place.municipality)
    published = await town.post("/territory-acts", 201, town.operator, sent)
    return Call(f"/public/territory-acts/{published['id']}/lines")


async def acts(_world: World, place: Place) -> Call:
    return Call("/public/territory-acts", {"params": {"municipality": place.municipality}})


async def places(_world: World, place: Place) -> Call:
    return Call("/public/places", {"params": {"text": "Красная 5", "municipality": place.municipality}})


async def look_up(_world: World, place: Place) -> Call:
    asked = {"municipality": place.municipality, "settlement": "Краснодар", "street": "Красная", "house": "5"}
    return Call("/public/territories", {"params": asked})


async def publish_table(world: World, place: Place) -> Call:
    await _town(world, place)
    fields = {name: value for name, value in act(municipality=place.municipality).items() if name != "lines"}
    table = f"Организация;Населённый пункт\n{place.organization_id};г. Краснодар\n"
    files = {"file": ("act.csv", table.encode())}
    return Call("/territory-acts/table", {"files": files, "data": {"act": json.dumps(fields)}})


async def table(world: World, place: Place) -> Call:
    return Call((await lines(world, place)).path + ".csv")


SAMPLES: dict[str, Sample] = {
    "publish_territory_table": Sample(publish_table, denied=403),
    "download_territory_lines": Sample(table, scoped=False),
    "publish_territory_act": Sample(publish_act, denied=403),
    "list_territory_acts": Sample(acts, scoped=False),
    "list_territory_lines": Sample(lines, scoped=False),
    "suggest_places": Sample(places, scoped=False),
    "look_up_territories": Sample(look_up, scoped=False),
}
