"""Sample calls of campaigns and their offers."""

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import CLOSES, OPENS, group
from .places import ANYWHERE, campaign, of_campaign, plain


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


async def campaign_in_list(world: World, place: Place) -> Listed:
    return Listed(Call("/campaigns"), (await campaign(world, place)).campaign_id)


SAMPLES: dict[str, Sample | Listing] = {
    "create_campaign": Sample(create_campaign, denied=403),
    "list_campaigns": Listing(campaign_in_list, visible=ANYWHERE),
    "get_campaign": Sample(of_campaign("/campaigns/{}")),
    "get_lottery": Sample(of_campaign("/public/campaigns/{}/lottery"), scoped=False),
    "list_rules": Sample(plain("/rules"), scoped=False),
    "get_rules": Sample(plain("/rules/school-458-2025"), scoped=False),
    "put_offers": Sample(put_offers),
    "list_offers": Sample(of_campaign("/campaigns/{}/offers")),
}
