"""Sample calls of referrals and orders."""

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .places import SENDERS, of_application, of_referral, referral


async def referral_in_list(world: World, place: Place) -> Listed:
    town, found = await referral(world, place)
    return Listed(Call(f"/campaigns/{town.campaign_id}/referrals"), found["id"])


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


SAMPLES: dict[str, Sample | Listing] = {
    "list_referrals": Listing(referral_in_list, denied=404),
    "list_application_referrals": Sample(of_application("/applications/{}/referrals"), visible=SENDERS),
    "accept_referral": Sample(of_referral("/referrals/{}/accept"), visible=SENDERS),
    "decline_referral": Sample(of_referral("/referrals/{}/decline"), visible=SENDERS),
    "issue_order": Sample(issue_order),
}
