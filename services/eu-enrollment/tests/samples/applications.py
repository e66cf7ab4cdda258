"""Sample calls of applications."""

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import body
from .places import (
    NUMBERS,
    SENDERS,
    new_campaign,
    new_referral,
    of_application,
    of_campaign,
    of_referred,
    plain,
    referral,
)


async def submit(world: World, place: Place) -> Call:
    town = await new_campaign(world, place)
    sent = body(town.campaign_id, next(NUMBERS), place.organization_id)
    return Call("/applications", {"json": sent, "headers": {"Idempotency-Key": sent["external_id"]}})


async def application_in_list(world: World, place: Place) -> Listed:
    town, found = await referral(world, place)
    return Listed(Call("/applications", {"params": {"campaign_id": town.campaign_id}}), found["application_id"])


async def restore(world: World, place: Place) -> Call:
    town, found = await new_referral(world, place)
    await town.post(f"/referrals/{found['id']}/decline")
    return Call(f"/applications/{found['application_id']}/restore", {"json": {}})


SAMPLES: dict[str, Sample | Listing] = {
    "submit_application": Sample(submit),
    "receipt_keys": Sample(plain("/receipts/keys"), scoped=False),
    "list_applications": Listing(application_in_list, visible=SENDERS),
    "get_application": Sample(of_referred("/applications/{}"), visible=SENDERS),
    "get_history": Sample(of_referred("/applications/{}/history"), visible=SENDERS),
    "get_summary": Sample(of_campaign("/campaigns/{}/summary")),
    "restore_application": Sample(restore, visible=SENDERS),
    "withdraw_application": Sample(of_application("/applications/{}/withdraw", json={}), visible=SENDERS),
}
