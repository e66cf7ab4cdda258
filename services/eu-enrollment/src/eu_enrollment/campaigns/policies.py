"""Who runs campaigns and who sees them."""

from sqlalchemy import ColumnElement

from asu_contracts.access import Role
from eu_enrollment.campaigns.model import campaign
from servicekit.policies import policy
from servicekit.security import Principal

MANAGE = policy("campaigns.manage", Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, title="Открывать кампании приёма")
READ = policy(
    "campaigns.read",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    Role.PORTAL,
    title="Видеть кампании приёма и предложенные места",
)


def visible(principal: Principal) -> ColumnElement[bool]:
    """Campaigns of the position's municipality; the region and its portal see all."""
    return principal.visible(None, campaign.c.municipality, None)
