"""Every route in every position, compared with its policy."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World, check_matrix

from .factories import CLOSES, OPENS, Town, body, group, organization

NUMBERS = count(1)
NOTHING: frozenset[Target] = frozenset()
SENDERS = {Role.PORTAL: frozenset({Target.OWN})}
"""The application for the own place was sent by the portal that calls, the others by another one."""
ANYWHERE = {Role.PORTAL: frozenset(Target)}
"""A portal sees every campaign: it offers them to families."""


async def campaign(world: World, place: Place) -> Town:
    """An open campaign of the place's municipality, with places in its organization."""
    town = Town(world.service, place.municipality)
    found = organization(place.municipality, organization_id=place.organization_id)
    offered = group(place.organization_id, 20)
    await town.hear(found, offered)
    await town.open({offered: 5})
    return town


async def application(world: World, place: Place) -> tuple[Town, str]:
    """An application for the place, sent by the town's portal, or by the one that calls."""
    town = await campaign(world, place)
    if world.role is Role.PORTAL and place.target is Target.OWN:
        town.portal = world.headers(Role.PORTAL)
    receipt = await town.apply(next(NUMBERS), place.organization_id)
    return town, receipt["id"]


async def referral(world: World, place: Place) -> tuple[Town, dict[str, Any]]:
    """A place held for an application."""
    town, _ = await application(world, place)
    await town.allocate()
    (found,) = await town.referrals()
    return town, found


def of_campaign(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(path.format((await campaign(world, place)).campaign_id))

    return make


def of_application(path: str, **options: Any) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(path.format((await application(world, place))[1]), options)

    return make


def of_referral(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(path.format((await referral(world, place))[1]["id"]), {"json": {}})

    return make


def plain(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(_world: World, _place: Place) -> Call:
        return Call(path)

    return make


async def create_campaign(_world: World, place: Place) -> Call:
    sent = {
        "municipality": place.municipality,
        "kind": "preschool",
        "academic_year": 2026,
        "title": "Комплектование",
        "rules": "preschool-236-2025",
        "opens_at": OPENS,
        "closes_at": CLOSES,
    }
    return Call("/campaigns", {"json": sent})


async def put_offers(world: World, place: Place) -> Call:
    town = await campaign(world, place)
    more = group(place.organization_id, 10)
    await town.hear(more)
    (kept,) = (await town.get(f"/campaigns/{town.campaign_id}/offers"))["items"]
    offers = [{"group_id": str(more.group_id), "places": 3}, {"group_id": kept["group"]["id"], "places": 5}]
    sent = {"json": {"offers": offers}, "headers": {"If-Match": '"2"'}}
    return Call(f"/campaigns/{town.campaign_id}/offers", sent)


async def submit(world: World, place: Place) -> Call:
    town = await campaign(world, place)
    sent = body(town.campaign_id, next(NUMBERS), place.organization_id)
    return Call("/applications", {"json": sent, "headers": {"Idempotency-Key": sent["external_id"]}})


async def campaign_in_list(world: World, place: Place) -> Listed:
    return Listed(Call("/campaigns"), (await campaign(world, place)).campaign_id)


async def application_in_list(world: World, place: Place) -> Listed:
    town, application_id = await application(world, place)
    return Listed(Call("/applications", {"params": {"campaign_id": town.campaign_id}}), application_id)


async def referral_in_list(world: World, place: Place) -> Listed:
    town, found = await referral(world, place)
    return Listed(Call(f"/campaigns/{town.campaign_id}/referrals"), found["id"])


async def allocation_in_list(world: World, place: Place) -> Listed:
    town = await campaign(world, place)
    allocated = await town.allocate()
    return Listed(Call(f"/campaigns/{town.campaign_id}/allocations"), allocated["allocation_id"])


async def simulate_allocation(world: World, place: Place) -> Call:
    return Call(f"/campaigns/{(await campaign(world, place)).campaign_id}/simulations", {"json": {}})


async def start_allocation(world: World, place: Place) -> Call:
    return Call(f"/campaigns/{(await campaign(world, place)).campaign_id}/allocations", {"json": {}})


async def outcome(world: World, place: Place) -> Call:
    return Call(f"/applications/{(await referral(world, place))[1]['application_id']}/outcome")


async def restore(world: World, place: Place) -> Call:
    town, found = await referral(world, place)
    await town.post(f"/referrals/{found['id']}/decline")
    return Call(f"/applications/{found['application_id']}/restore", {"json": {}})


async def issue_order(world: World, place: Place) -> Call:
    town, found = await referral(world, place)
    await town.post(f"/referrals/{found['id']}/accept")
    sent = {
        "organization_id": str(place.organization_id),
        "number": "1-З",
        "date": "2026-08-20",
        "effective_date": "2026-09-01",
    }
    return Call(f"/campaigns/{town.campaign_id}/orders", {"json": sent})


async def run_of_another(world: World, place: Place) -> Call:
    town = await campaign(world, place)
    run = await town.post(f"/campaigns/{town.campaign_id}/allocations", 202, town.operator)
    return Call(f"/runs/{UUID(run['id'])}")


SAMPLES: dict[str, Sample | Listing] = {
    "create_campaign": Sample(create_campaign, denied=403),
    "list_campaigns": Listing(campaign_in_list, visible=ANYWHERE),
    "get_campaign": Sample(of_campaign("/campaigns/{}")),
    "list_rules": Sample(plain("/rules"), scoped=False),
    "put_offers": Sample(put_offers),
    "list_offers": Sample(of_campaign("/campaigns/{}/offers")),
    "submit_application": Sample(submit),
    "receipt_keys": Sample(plain("/receipts/keys"), scoped=False),
    "list_applications": Listing(application_in_list, visible=SENDERS),
    "get_application": Sample(of_application("/applications/{}"), visible=SENDERS),
    "get_history": Sample(of_application("/applications/{}/history"), visible=SENDERS),
    "get_position": Sample(of_application("/applications/{}/position"), visible=SENDERS),
    "get_outcome": Sample(outcome, visible=SENDERS),
    "get_summary": Sample(of_campaign("/campaigns/{}/summary")),
    "queue_application": Sample(of_application("/applications/{}/queue", json={})),
    "refuse_application": Sample(of_application("/applications/{}/refuse", json={"note": "Нет оснований"})),
    "restore_application": Sample(restore, visible=SENDERS),
    "withdraw_application": Sample(of_application("/applications/{}/withdraw", json={}), visible=SENDERS),
    "start_allocation": Sample(start_allocation),
    "simulate_allocation": Sample(simulate_allocation),
    "list_allocations": Listing(allocation_in_list, denied=404),
    "list_referrals": Listing(referral_in_list, denied=404),
    "list_application_referrals": Sample(of_application("/applications/{}/referrals"), visible=SENDERS),
    "accept_referral": Sample(of_referral("/referrals/{}/accept"), visible=SENDERS),
    "decline_referral": Sample(of_referral("/referrals/{}/decline"), visible=SENDERS),
    "issue_order": Sample(issue_order),
    "get_run": Sample(run_of_another, visible=dict.fromkeys(Role, NOTHING)),
}


async def test_every_route_in_every_position(service: ServiceUnderTest) -> None:
    assert await check_matrix(service, SAMPLES) == []
