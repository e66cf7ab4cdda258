"""Which of the wanted organizations a child's address is assigned to: looked up after acceptance, never while a family waits."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.applications.facts import NOTHING, Known
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.stated import AddressIn
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.territories import service as territories
from eu_enrollment.territories.address import Address
from eu_enrollment.territories.service import Outcome, TerritoryKind


async def look_up(session: AsyncSession, campaign: Campaign, body: ApplicationIn, day: date) -> Known:
    """The territories of the wanted organizations on a day, by where the child is registered or lives.

    An address that the act does not know, or not for certain, may be misspelt: a person decides.
    """
    if body.address is None or not campaign.rules.by_territory:
        return NOTHING
    kind = TerritoryKind(campaign.kind.line)
    found: set[UUID] = set()
    certain = True
    for stated in (body.address.registered, body.address.stay):
        if stated is not None:
            told = await territories.told(session, campaign.municipality, kind, _address(stated), day)
            if told.outcome is Outcome.NO_ACT:
                return Known(no_act=True)
            certain = certain and told.outcome is Outcome.ASSIGNED
            found |= {line.organization_id for line in told.lines if told.outcome is Outcome.ASSIGNED}
    otherwise = False if certain else None
    ids = [choice.organization_id for choice in body.choices]
    return Known(territory={id_: True if id_ in found else otherwise for id_ in ids})


def _address(stated: AddressIn) -> Address:
    return Address(stated.settlement, stated.street, stated.house, frozenset(stated.gar_ids))
