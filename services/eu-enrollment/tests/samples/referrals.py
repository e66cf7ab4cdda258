"""Sample calls of referrals and orders."""

from datetime import date, timedelta
from typing import Any

from servicekit.clock import Clock
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import Town
from .places import NUMBERS, SENDERS, new_referral, of_referral, of_referred, of_sender, referral


async def referral_in_list(world: World, place: Place) -> Listed:
    town, found = await referral(world, place)
    return Listed(Call(f"/campaigns/{town.campaign_id}/referrals"), found["id"])


async def offer_contract(world: World, place: Place) -> Call:
    town, found = await new_referral(world, place)
    await town.post(f"/referrals/{found['id']}/accept")
    return Call(f"/referrals/{found['id']}/contract", {"json": {}})


async def sign_contract(world: World, place: Place) -> Call:
    made = await offer_contract(world, place)
    town = Town(world.service, place.municipality)
    await town.post(made.path, by=town.operator)
    return Call(f"{made.path}/sign", {"json": {"number": "Д-1", "date": Clock().today().isoformat()}})


async def extend_term(world: World, place: Place) -> Call:
    _, found = await referral(world, place)
    later = date.fromisoformat(found["answer_by"]) + timedelta(days=5)
    sent = {"due_on": later.isoformat(), "reason": "Семья в отъезде"}
    return Call(f"/referrals/{found['id']}/extension", {"json": sent})


ORDER: dict[str, Any] = {"number": "1-З", "date": "2026-08-20", "effective_date": "2026-09-01"}


async def issue_order(world: World, place: Place) -> Call:
    town, found = await new_referral(world, place)
    await town.take(found)
    return Call(
        f"/campaigns/{town.campaign_id}/orders", {"json": {"organization_id": str(place.organization_id), **ORDER}}
    )


async def order_in_list(world: World, place: Place) -> Listed:
    town, order_id = await ordered(world, place)
    return Listed(Call(f"/campaigns/{town.campaign_id}/orders"), order_id)


async def ordered(world: World, place: Place) -> tuple[Town, str]:
    """An issued admission order of the place."""

    async def order() -> tuple[Town, str]:
        town, found = await new_referral(world, place)
        await town.take(found)
        return town, (await town.order(place.organization_id, f"{next(NUMBERS)}-З"))["id"]

    return await of_sender("order", lambda *_: order(), world, place)


async def one_order(world: World, place: Place) -> Call:
    return Call(f"/orders/{(await ordered(world, place))[1]}")


async def annul_order(world: World, place: Place) -> Call:
    return Call(f"/orders/{(await ordered(world, place))[1]}/annul", {"json": {"reason": "Ошибка в дате"}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_referrals": Listing(referral_in_list, denied=404),
    "list_application_referrals": Sample(of_referred("/applications/{}/referrals"), visible=SENDERS),
    "accept_referral": Sample(of_referral("/referrals/{}/accept"), visible=SENDERS),
    "decline_referral": Sample(of_referral("/referrals/{}/decline"), visible=SENDERS),
    "note_no_show": Sample(of_referral("/referrals/{}/no-show")),
    "offer_contract": Sample(offer_contract),
    "sign_contract": Sample(sign_contract),
    "extend_term": Sample(extend_term),
    "list_extensions": Sample(of_referral("/referrals/{}/extensions")),
    "issue_order": Sample(issue_order, denied=404),
    "list_orders": Listing(order_in_list, denied=404),
    "get_order": Sample(one_order),
    "annul_order": Sample(annul_order),
}
