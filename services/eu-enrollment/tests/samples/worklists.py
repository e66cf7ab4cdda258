"""Sample calls of working lists, of actions over many applications and of lists as files."""

from uuid import UUID

from asu_contracts.access import Role
from eu_enrollment.bulk import policies as bulk_policies
from eu_enrollment.exports import policies as export_policies
from eu_enrollment.exports import service as exports
from servicekit.runs import RunContext
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from .places import of_campaign, plain, referral


async def in_queue(world: World, place: Place) -> Listed:
    town, found = await referral(world, place)
    return Listed(Call(f"/campaigns/{town.campaign_id}/queues/to_answer"), found["application_id"])


async def in_register(world: World, place: Place) -> Listed:
    town, found = await referral(world, place)
    return Listed(Call(f"/campaigns/{town.campaign_id}/register"), found["application_id"])


async def search(world: World, place: Place) -> Call:
    town, _ = await referral(world, place)
    return Call(f"/campaigns/{town.campaign_id}/register/search", {"json": {"snils": "112-233-445 95"}})


async def demand(world: World, place: Place) -> Call:
    town, _ = await referral(world, place)
    return Call(f"/campaigns/{town.campaign_id}/organizations/{place.organization_id}/demand")


async def preview(world: World, place: Place) -> Call:
    town, found = await referral(world, place)
    sent = {"action": "no_show", "applications": [found["application_id"]]}
    return Call(f"/campaigns/{town.campaign_id}/bulk", {"json": sent})


def author(world: World, place: Place, roles: frozenset[Role]) -> dict[str, str]:
    """Who makes what is its author's alone: at the own place the caller, if its role may, elsewhere an operator."""
    if place.target is Target.OWN and world.is_of(*roles):
        return world.headers(world.role)
    return world.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=place.municipality)


async def shown(world: World, place: Place) -> Call:
    made = await preview(world, place)
    by = author(world, place, bulk_policies.ACT.roles)
    answer = await world.service.client.post(made.path, **made.options, headers=by)
    assert answer.status_code == 201, answer.text
    return Call(f"/bulk/{UUID(answer.json()['id'])}")


async def run_shown(world: World, place: Place) -> Call:
    made = await shown(world, place)
    return Call(f"{made.path}/run", {"json": {}})


async def order_list(world: World, place: Place) -> Call:
    made = await of_campaign("/campaigns/{}/exports")(world, place)
    return Call(made.path, {"json": {"list": "places", "format": "csv"}})


async def file(world: World, place: Place) -> Call:
    made = await order_list(world, place)
    by = author(world, place, export_policies.EXPORT.roles)
    answer = await world.service.client.post(made.path, **made.options, headers=by)
    assert answer.status_code == 202, answer.text
    run_id = UUID(answer.json()["id"])
    connection = await world.service.database.connect()
    try:
        id_ = await connection.fetchval("SELECT id FROM list_file WHERE run_id = $1", run_id)
    finally:
        await connection.close()
    await exports.make(RunContext(world.service.runtime, run_id, {"file_id": str(id_)}))
    return Call(f"/exports/{id_}/file")


AUTHORS = dict.fromkeys(Role, frozenset({Target.OWN}))
SAMPLES: dict[str, Sample | Listing] = {
    "list_queues": Sample(of_campaign("/campaigns/{}/queues")),
    "list_queue": Listing(in_queue, denied=404),
    "list_register": Listing(in_register, denied=404),
    "search_register": Sample(search),
    "get_demand": Sample(demand),
    "list_bulk_actions": Sample(plain("/bulk-actions"), scoped=False),
    "preview_bulk": Sample(preview),
    "get_bulk": Sample(shown, visible=AUTHORS),
    "run_bulk": Sample(run_shown, visible=AUTHORS),
    "order_list": Sample(order_list),
    "take_list": Sample(file, visible=AUTHORS),
}
