"""Who issues admission orders, who reads them."""

from sqlalchemy import ColumnElement, true

from asu_contracts.access import Role, UnitKind
from eu_enrollment.orders.model import admission_order
from eu_enrollment.roles import ADMITTING, RECEIVING
from servicekit.policies import policy
from servicekit.security import Principal

ISSUE = policy(
    "orders.issue",
    Role.MUNICIPALITY_OPERATOR,
    *ADMITTING,
    title="Издавать приказы о зачислении (организация — свои)",
)
ANNUL = policy(
    "orders.annul",
    Role.MUNICIPALITY_OPERATOR,
    *ADMITTING,
    title="Аннулировать ошибочные приказы о зачислении (организация — свои)",
)
READ = policy(
    "orders.read",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    *RECEIVING,
    title="Видеть приказы о зачислении (организация — свои)",
)


def visible(principal: Principal) -> ColumnElement[bool]:
    """Of a campaign that is seen, an organization sees its own orders alone."""
    if principal.unit.kind is UnitKind.ORGANIZATION:
        return admission_order.c.organization_id == principal.unit.organization_id
    return true()
