"""Which of the wanted organizations a child's address is assigned to: looked up after acceptance, never while a family waits."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.applications.facts import NOTHING, Known
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.stated import AddressIn
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.territories import service as territories
from eu_enrollment.territories.address import Address
from eu_enrollment.territories.service import TerritoryKind


async def look_up(session: AsyncSession, campaign: Campaign, body: ApplicationIn, day: date) -> Known:
    """The territories of the wanted organizations on a day, by where the child is registered or lives.

    An address that no act in force can be applied to leaves them unknown: a person decides.
    """
    if body.address is None or not campaign.rules.by_territory:
        return NOTHING
    stated = [one for one in (body.address.registered, body.address.stay) if one is not None]
    line = TerritoryKind(campaign.kind.line)
    found = [await territories.told(session, campaign.municipality, line, _address(one), day) for one in stated]
    known = [one for one in found if one is not None]
    ids = [choice.organization_id for choice in body.choices]
    nowhere = None if len(known) < len(found) else False
    return Known(territory={id_: any(id_ in one for one in known) or nowhere for id_ in ids})


def _address(stated: AddressIn) -> Address:
    return Address(stated.settlement, stated.street, stated.house, frozenset(stated.gar_ids))
