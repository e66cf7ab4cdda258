"""Who writes, approves and sees thematic plans."""

from sqlalchemy import ColumnElement

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.plans.model import Plan

READ = policy("plans.read", *OFFICE, Role.TEACHER, title="Просмотр тематических планов организации и их выполнения")
WRITE = policy(
    "plans.write",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.TEACHER),
    title="Составление тематических планов и выбор плана журнала: учителю — свои планы, выбор — для журналов, которые он сейчас заполняет",
)
APPROVE = policy(
    "plans.approve",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Утверждение тематических планов",
)


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """Plans of the caller's organization: teachers learn from one another's."""
    return Plan.organization_id == principal.unit.organization_id


def may_change(principal: Principal, plan: Plan) -> bool:
    """A teacher changes the own plans alone."""
    return principal.role is not Role.TEACHER or plan.author_id == principal.person_id
