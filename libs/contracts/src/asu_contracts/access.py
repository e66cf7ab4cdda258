"""Roles and units: the words in which rights are given down the structure (regulation 3, 4.3, App.2 3)."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """A working position's role. Only roles that some policy uses are listed."""

    REGION_ADMIN = "region_admin"
    MINISTRY_OFFICER = "ministry_officer"
    DEPARTMENT_OFFICER = "department_officer"
    MUNICIPALITY_OPERATOR = "municipality_operator"
    HEAD = "head"
    COORDINATOR = "coordinator"
    ORGANIZATION_ADMIN = "organization_admin"
    SECRETARY = "secretary"
    TEACHER = "teacher"
    GUARDIAN = "guardian"
    STUDENT = "student"
    PORTAL = "portal"


ROLE_TITLES: dict[Role, str] = {
    Role.REGION_ADMIN: "региональный администратор",
    Role.MINISTRY_OFFICER: "специалист министерства",
    Role.DEPARTMENT_OFFICER: "специалист РОИВ",
    Role.MUNICIPALITY_OPERATOR: "специалист муниципального органа",
    Role.HEAD: "руководитель организации",
    Role.COORDINATOR: "координатор АИС СГО",
    Role.ORGANIZATION_ADMIN: "сетевой системный администратор",
    Role.SECRETARY: "секретарь (специалист по кадрам)",
    Role.TEACHER: "педагогический работник",
    Role.GUARDIAN: "родитель (законный представитель)",
    Role.STUDENT: "обучающийся",
    Role.PORTAL: "региональный портал",
}
"""What a reader is shown instead of a role's code, in the middle of a sentence."""

BODIES = frozenset({Role.REGION_ADMIN, Role.MINISTRY_OFFICER, Role.DEPARTMENT_OFFICER, Role.MUNICIPALITY_OPERATOR})
"""Staff of governing bodies (regulation 3.1–3.3)."""

OFFICE = frozenset({Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.SECRETARY})
"""Office staff of an organization: they work whole cards of their own organization (App.2 3.1)."""

FAMILY = frozenset({Role.GUARDIAN, Role.STUDENT})
"""A student and who stands for the student: they see what is the student's own."""


class UnitKind(StrEnum):
    """Level of the structure a position stands on.

    A municipality has the organizations of its territory below it, a department those it founded, wherever they stand.
    """

    REGION = "region"
    DEPARTMENT = "department"
    MUNICIPALITY = "municipality"
    ORGANIZATION = "organization"
    PERSON = "person"


UNIT_OF_ROLE: dict[Role, UnitKind] = {
    Role.REGION_ADMIN: UnitKind.REGION,
    Role.MINISTRY_OFFICER: UnitKind.REGION,
    Role.DEPARTMENT_OFFICER: UnitKind.DEPARTMENT,
    Role.MUNICIPALITY_OPERATOR: UnitKind.MUNICIPALITY,
    Role.HEAD: UnitKind.ORGANIZATION,
    Role.COORDINATOR: UnitKind.ORGANIZATION,
    Role.ORGANIZATION_ADMIN: UnitKind.ORGANIZATION,
    Role.SECRETARY: UnitKind.ORGANIZATION,
    Role.TEACHER: UnitKind.ORGANIZATION,
    Role.GUARDIAN: UnitKind.PERSON,
    Role.STUDENT: UnitKind.PERSON,
    Role.PORTAL: UnitKind.REGION,
}
"""The level each role belongs to."""

_NOBODY: frozenset[Role] = frozenset()
_FIRST_IN_ORGANIZATION = frozenset({Role.HEAD, Role.ORGANIZATION_ADMIN})

MAY_GRANT: dict[Role, frozenset[Role]] = {
    Role.REGION_ADMIN: BODIES | _FIRST_IN_ORGANIZATION | FAMILY,
    Role.MINISTRY_OFFICER: _NOBODY,
    Role.DEPARTMENT_OFFICER: _FIRST_IN_ORGANIZATION,
    Role.MUNICIPALITY_OPERATOR: _FIRST_IN_ORGANIZATION | FAMILY,
    Role.HEAD: (OFFICE - {Role.HEAD}) | {Role.TEACHER} | FAMILY,
    Role.COORDINATOR: _NOBODY,
    Role.ORGANIZATION_ADMIN: frozenset({Role.SECRETARY, Role.TEACHER}) | FAMILY,
    Role.SECRETARY: _NOBODY,
    Role.TEACHER: _NOBODY,
    Role.GUARDIAN: _NOBODY,
    Role.STUDENT: _NOBODY,
    Role.PORTAL: _NOBODY,
}
"""What a role may grant, declared apart from what it may do (regulation 3.1–3.4, App.2 3.1).

The regional administrator carries out the ministry's orders on rights (3.1, 3.2), so the ministry's staff grant nothing by
themselves. A coordinator is appointed by the head alone: an administrator who made one could close a year with nobody's
control (App.2 3.1.2).
"""


def _below(role: Role) -> frozenset[Role]:
    """What the role grants, and what those grant whom it appoints."""
    found: set[Role] = set()
    waiting = [role]
    while waiting:
        new = MAY_GRANT[waiting.pop()] - found
        found |= new
        waiting += new
    return frozenset(found)


MAY_END: dict[Role, frozenset[Role]] = {role: _below(role) for role in Role}
"""What a role may take away: what it may grant, and what those may whom it appoints. Rights must not outlive their giver."""


class Unit(BaseModel):
    """Where a position stands.

    ``municipality`` is ОКТМО, 8 digits, and is named for an organization too; ``founder_id`` is the governing body of a
    department's position.
    """

    model_config = ConfigDict(frozen=True)

    kind: UnitKind
    municipality: str | None = None
    organization_id: UUID | None = None
    founder_id: UUID | None = None
