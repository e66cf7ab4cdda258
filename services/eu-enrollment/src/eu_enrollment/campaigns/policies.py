"""Who runs campaigns and who sees them."""

from sqlalchemy import ColumnElement, Uuid, column, exists, or_, table

from asu_contracts.access import Role, UnitKind
from eu_enrollment.campaigns.model import campaign
from eu_enrollment.roles import RECEIVING
from servicekit.policies import policy
from servicekit.security import Principal

MANAGE = policy("campaigns.manage", Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, title="Открывать кампании приёма")
READ = policy(
    "campaigns.read",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    Role.PORTAL,
    *RECEIVING,
    title="Видеть кампании приёма и предложенные места",
)


_offer = table("offer", column("campaign_id", Uuid), column("organization_id", Uuid))
_choice = table("application_choice", column("campaign_id", Uuid), column("organization_id", Uuid))


def visible(principal: Principal) -> ColumnElement[bool]:
    """Campaigns of the position's municipality; of an organization those it takes part in; the region and its portal see all."""
    if principal.unit.kind is UnitKind.ORGANIZATION:
        own = principal.unit.organization_id
        return or_(
            *(
                exists().where(one.c.campaign_id == campaign.c.id, one.c.organization_id == own)
                for one in (_offer, _choice)
            )
        )
    return principal.visible(None, campaign.c.municipality, None)
