"""Sample calls of public information."""

from servicekit.testing.matrix import Call, Place, Sample, World

from ..factories import Town, organization
from ..information.news import hear, programme
from .places import of_campaign, plain


async def _town(world: World, place: Place) -> Town:
    town = Town(world.service, place.municipality)
    await hear(town, organization(place.municipality, organization_id=place.organization_id))
    return town


async def card(world: World, place: Place) -> Call:
    await _town(world, place)
    return Call(f"/public/organizations/{place.organization_id}")


async def programme_card(world: World, place: Place) -> Call:
    town = await _town(world, place)
    found = programme(place.organization_id)
    await hear(town, found)
    return Call(f"/public/programmes/{found.programme_id}")


SAMPLES: dict[str, Sample] = {
    "list_public_organizations": Sample(plain("/public/organizations?text=ДОО"), scoped=False),
    "get_public_organization": Sample(card, scoped=False),
    "list_free_places": Sample(plain("/public/free-places?age=3"), scoped=False),
    "list_public_programmes": Sample(plain("/public/programmes?age=7"), scoped=False),
    "get_public_programme": Sample(programme_card, scoped=False),
    "list_public_bodies": Sample(plain("/public/governing-bodies"), scoped=False),
    "list_public_campaigns": Sample(plain("/public/campaigns?open=true"), scoped=False),
    "get_public_campaign": Sample(of_campaign("/public/campaigns/{}"), scoped=False),
    "list_campaign_places": Sample(of_campaign("/public/campaigns/{}/places"), scoped=False),
    "list_public_rules": Sample(plain("/public/rules"), scoped=False),
    "list_datasets": Sample(plain("/public/open-data"), scoped=False),
    "get_dataset_passport": Sample(plain("/public/open-data/organizations"), scoped=False),
    "download_dataset_csv": Sample(plain("/public/open-data/campaigns/data.csv"), scoped=False),
    "download_dataset_json": Sample(plain("/public/open-data/campaigns/data.json"), scoped=False),
}
