"""Places of the matrix: a campaign, an application, a referral of each place.

What a call changes is taken back after it, so that samples share them; a sample that itself goes further makes ``new_`` ones.
"""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, TypeVar

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Place, Target, World

from ..factories import Town, group, organization

T = TypeVar("T")
NUMBERS = count(1)
NOTHING: frozenset[Target] = frozenset()
SENDERS = {Role.PORTAL: frozenset({Target.OWN})}
"""The application for the own place was sent by the portal that calls, the others by another one."""
ANYWHERE = {Role.PORTAL: frozenset(Target)}
"""A portal sees every campaign: it offers them to families."""


async def campaign(world: World, place: Place) -> Town:
    """An open campaign of the place's municipality, with places in its organization."""
    return await world.once("campaign", place, lambda: new_campaign(world, place))


async def new_campaign(world: World, place: Place) -> Town:
    town = Town(world.service, place.municipality)
    found = organization(place.municipality, organization_id=place.organization_id)
    offered = group(place.organization_id, 20)
    await town.hear(found, offered)
    await town.open({offered: 5})
    return town


def is_senders(world: World, place: Place) -> bool:
    """Whether the portal that calls sent what is there: elsewhere the town's portal did."""
    return place.target is Target.OWN and world.is_of(Role.PORTAL)


async def of_sender(what: str, make: Callable[[World, Place], Awaitable[T]], world: World, place: Place) -> T:
    """What samples share, apart where the calling portal is its sender."""
    who = " of the caller" if is_senders(world, place) else ""
    return await world.once(what + who, place, lambda: make(world, place))


async def application(world: World, place: Place) -> tuple[Town, str]:
    """An application for the place, sent by the town's portal, or by the one that calls."""
    return await of_sender("application", new_application, world, place)


async def new_application(world: World, place: Place) -> tuple[Town, str]:
    town = await new_campaign(world, place)
    if is_senders(world, place):
        town.portal = world.headers(Role.PORTAL)
    receipt = await town.apply(next(NUMBERS), place.organization_id)
    return town, receipt["id"]


async def referral(world: World, place: Place) -> tuple[Town, dict[str, Any]]:
    """A place held for an application."""
    return await of_sender("referral", new_referral, world, place)


async def new_referral(world: World, place: Place) -> tuple[Town, dict[str, Any]]:
    town, _ = await new_application(world, place)
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


def of_referred(path: str, **options: Any) -> Callable[[World, Place], Awaitable[Call]]:
    """About an application that a place is held for: an organization sees no other."""

    async def make(world: World, place: Place) -> Call:
        return Call(path.format((await referral(world, place))[1]["application_id"]), options)

    return make


def of_referral(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(path.format((await referral(world, place))[1]["id"]), {"json": {}})

    return make


def plain(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(_world: World, _place: Place) -> Call:
        return Call(path)

    return make
