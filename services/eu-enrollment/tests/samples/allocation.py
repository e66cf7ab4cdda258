"""Sample calls of allocation and of the runs that carry it out."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .places import NOTHING, SENDERS, campaign, new_campaign, of_campaign, referral


async def allocation(world: World, place: Place) -> tuple[str, str]:
    """A campaign and its published allocation."""

    async def allocate() -> tuple[str, str]:
        town = await new_campaign(world, place)
        return town.campaign_id, (await town.allocate())["allocation_id"]

    return await world.once("allocation", place, allocate)


async def allocation_in_list(world: World, place: Place) -> Listed:
    campaign_id, allocation_id = await allocation(world, place)
    return Listed(Call(f"/campaigns/{campaign_id}/allocations"), allocation_id)


async def start_allocation(world: World, place: Place) -> Call:
    return Call(f"/campaigns/{(await campaign(world, place)).campaign_id}/allocations", {"json": {}})


async def simulate_allocation(world: World, place: Place) -> Call:
    return Call(f"/campaigns/{(await campaign(world, place)).campaign_id}/simulations", {"json": {}})


async def outcome(world: World, place: Place) -> Call:
    return Call(f"/applications/{(await referral(world, place))[1]['application_id']}/outcome")


def published(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(path.format((await allocation(world, place))[1]))

    return make


async def run_of_another(world: World, place: Place) -> Call:
    town = await new_campaign(world, place)
    run = await town.post(f"/campaigns/{town.campaign_id}/allocations", 202, town.operator)
    return Call(f"/runs/{UUID(run['id'])}")


SAMPLES: dict[str, Sample | Listing] = {
    "start_allocation": Sample(start_allocation),
    "simulate_allocation": Sample(simulate_allocation),
    "list_allocations": Listing(allocation_in_list, denied=404),
    "list_published": Sample(of_campaign("/public/campaigns/{}/allocations"), scoped=False),
    "get_published": Sample(published("/public/allocations/{}"), scoped=False),
    "get_published_data": Sample(published("/public/allocations/{}/data"), scoped=False),
    "get_outcome": Sample(outcome, visible=SENDERS),
    "get_run": Sample(run_of_another, visible=dict.fromkeys(Role, NOTHING)),
}
