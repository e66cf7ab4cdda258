"""Who applies, who decides and who sees applications."""

from sqlalchemy import ColumnElement

from asu_contracts.access import Role
from eu_enrollment.applications.model import application
from eu_enrollment.applications.statuses import Actor
from eu_enrollment.roles import RECEIVING
from servicekit.policies import policy
from servicekit.security import Principal

SUBMIT = policy(
    "applications.submit", Role.PORTAL, Role.MUNICIPALITY_OPERATOR, title="Подавать заявления о предоставлении места"
)
READ = policy(
    "applications.read",
    Role.PORTAL,
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    *RECEIVING,
    title="Видеть заявления (портал — только свои, организация — тех, кому у неё дано место)",
)
SUMMARY = policy(
    "applications.summary", Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, title="Видеть сводку кампании по статусам"
)
ACT = policy(
    "applications.act",
    Role.PORTAL,
    Role.MUNICIPALITY_OPERATOR,
    title="Принимать место, отказываться, отзывать и возобновлять заявление",
)
DECIDE = policy("applications.decide", Role.MUNICIPALITY_OPERATOR, title="Проверять заявления и отказывать по ним")


def actor_of(principal: Principal) -> Actor:
    """In whose name the principal moves an application."""
    return Actor.APPLICANT if principal.role is Role.PORTAL else Actor.OPERATOR


def visible(principal: Principal) -> ColumnElement[bool]:
    """A portal sees what it sent; an organization whom it holds a place for; a municipality its own campaigns; the region all."""
    if principal.role is Role.PORTAL:
        return application.c.client == principal.account_id
    return principal.visible(application.c.organization_id, application.c.municipality, None)
