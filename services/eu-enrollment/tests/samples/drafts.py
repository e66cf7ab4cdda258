"""Sample calls of drafts: those for the own place belong to who calls, the others to another portal."""

from collections.abc import Awaitable, Callable
from typing import Any

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import PORTAL, body
from .places import NUMBERS, campaign

OWN = {role: frozenset({Target.OWN}) for role in (Role.PORTAL, Role.MUNICIPALITY_OPERATOR)}


async def content(world: World, place: Place) -> dict[str, Any]:
    town = await campaign(world, place)
    return body(town.campaign_id, next(NUMBERS), place.organization_id)


async def draft(world: World, place: Place) -> tuple[str, dict[str, Any]]:
    """A draft and what is in it."""
    mine = place.target is Target.OWN and world.is_of(*OWN)
    headers = world.headers(world.role) if mine else world.service.tokens.headers(Role.PORTAL, account_id=PORTAL)
    written = await content(world, place)
    answer = await world.service.client.post("/drafts", json=written, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], written


async def create(world: World, place: Place) -> Call:
    return Call("/drafts", {"json": await content(world, place)})


async def put(world: World, place: Place) -> Call:
    draft_id, written = await draft(world, place)
    return Call(f"/drafts/{draft_id}", {"json": written, "headers": {"If-Match": '"1"'}})


async def send(world: World, place: Place) -> Call:
    draft_id, written = await draft(world, place)
    headers = {"Idempotency-Key": written["external_id"]}
    return Call(f"/drafts/{draft_id}/send", {"json": {"version": 1}, "headers": headers})


async def draft_in_list(world: World, place: Place) -> Listed:
    return Listed(Call("/drafts"), (await draft(world, place))[0])


def of_draft(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(path.format((await draft(world, place))[0]))

    return make


SAMPLES: dict[str, Sample | Listing] = {
    "create_draft": Sample(create),
    "list_drafts": Listing(draft_in_list, visible=OWN),
    "get_draft": Sample(of_draft("/drafts/{}"), visible=OWN),
    "put_draft": Sample(put, visible=OWN),
    "delete_draft": Sample(of_draft("/drafts/{}"), visible=OWN),
    "send_draft": Sample(send, visible=OWN),
}
