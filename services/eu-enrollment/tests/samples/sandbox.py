"""Sample calls of the sandbox: a portal plays with what it has made itself."""

from itertools import count
from typing import Any

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listing, Place, Sample, Target, World

from ..factories import PORTAL, body

OWN = {Role.PORTAL: frozenset({Target.OWN})}
NUMBERS = count(500_000)


async def campaign(world: World, place: Place) -> tuple[dict[str, Any], dict[str, str]]:
    """A test campaign of the portal that calls, or of another one, with its headers."""
    mine = place.target is Target.OWN and world.is_of(Role.PORTAL)
    tokens = world.service.tokens
    headers = world.headers(Role.PORTAL) if mine else tokens.headers(Role.PORTAL, account_id=f"{PORTAL}-{new_id()}")
    answer = await world.service.client.post("/portal/sandbox/campaigns", json={}, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made, headers


async def open_campaign(_world: World, _place: Place) -> Call:
    return Call("/portal/sandbox/campaigns", {"json": {"line": "school", "places": 1}})


async def allocate(world: World, place: Place) -> Call:
    made, _ = await campaign(world, place)
    return Call(f"/portal/sandbox/campaigns/{made['campaign_id']}/allocate")


async def act(world: World, place: Place) -> Call:
    made, headers = await campaign(world, place)
    sent = body(made["campaign_id"], next(NUMBERS), *made["organizations"])
    headers = headers | {"Idempotency-Key": sent["external_id"]}
    receipt = await world.service.client.post("/applications", json=sent, headers=headers)
    assert receipt.status_code == 201, receipt.text
    return Call(f"/portal/sandbox/applications/{receipt.json()['id']}/acts", {"json": {"act": "refuse"}})


SAMPLES: dict[str, Sample | Listing] = {
    "open_trial_campaign": Sample(open_campaign, scoped=False),
    "allocate_trial_campaign": Sample(allocate, visible=OWN),
    "act_in_sandbox": Sample(act, visible=OWN),
}
