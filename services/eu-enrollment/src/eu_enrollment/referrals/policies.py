"""Who sees and answers referrals."""

from sqlalchemy import ColumnElement, true

from asu_contracts.access import Role, UnitKind
from eu_enrollment.referrals.model import referral
from eu_enrollment.roles import ADMITTING, RECEIVING
from servicekit.policies import policy
from servicekit.security import Principal

LIST = policy(
    "referrals.list",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    *RECEIVING,
    title="Видеть направления кампании (организация — к себе)",
)
CONTRACT = policy(
    "referrals.contract",
    Role.MUNICIPALITY_OPERATOR,
    *ADMITTING,
    title="Заключать договоры с семьями, отмечать неявку",
)
EXTEND = policy("referrals.extend", Role.MUNICIPALITY_OPERATOR, title="Продлевать сроки ответа и подписания договора")


def visible(principal: Principal) -> ColumnElement[bool]:
    """Of an application that is seen, an organization sees the referrals to itself alone."""
    if principal.unit.kind is UnitKind.ORGANIZATION:
        return referral.c.organization_id == principal.unit.organization_id
    return true()
