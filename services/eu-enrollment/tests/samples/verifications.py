"""Sample calls of verifications."""

from typing import Any

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import Town
from .places import NUMBERS, SENDERS, is_senders, new_campaign, of_referred, of_sender, plain


async def verification(world: World, place: Place) -> tuple[Town, dict[str, Any]]:
    """A stated right that an operator is to check, of an application sent by the town's portal or by the one that calls."""
    return await of_sender("verification", new_verification, world, place)


async def new_verification(world: World, place: Place) -> tuple[Town, dict[str, Any]]:
    town = await new_campaign(world, place)
    if is_senders(world, place):
        town.portal = world.headers(Role.PORTAL)
    receipt = await town.apply(next(NUMBERS), place.organization_id, benefits=[{"code": "judge"}])
    await town.examine()
    (found,) = await town.get(f"/applications/{receipt['id']}/verifications", by=town.operator)
    return town, found


async def in_list(world: World, place: Place) -> Listed:
    town, found = await verification(world, place)
    return Listed(Call("/verifications", {"params": {"campaign_id": town.campaign_id}}), found["id"])


async def decide(world: World, place: Place) -> Call:
    _, found = await verification(world, place)
    return Call(f"/verifications/{found['id']}/decide", {"json": {"outcome": "confirmed"}})


async def assign(world: World, place: Place) -> Call:
    _, found = await verification(world, place)
    return Call(f"/verifications/{found['id']}/assignee", {"json": {"account_id": "operator-1"}})


async def confirm(world: World, place: Place) -> Call:
    _, found = await verification(world, place)
    return Call(f"/applications/{found['application_id']}/verifications/confirm", {"json": {}})


async def documents(world: World, place: Place) -> Call:
    town, found = await new_verification(world, place)
    asked = {"outcome": "documents_requested", "note": "Справка"}
    await town.post(f"/verifications/{found['id']}/decide", by=town.operator, json=asked)
    return Call(f"/applications/{found['application_id']}/documents", {"json": {}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_verifications": Listing(in_list),
    "get_verifications_summary": Sample(plain("/verifications/summary"), scoped=False),
    "list_application_verifications": Sample(of_referred("/applications/{}/verifications"), visible=SENDERS),
    "confirm_verifications": Sample(confirm),
    "receive_documents": Sample(documents, visible=SENDERS),
    "decide_verification": Sample(decide),
    "assign_verification": Sample(assign),
}
