"""Roles and units: the words in which rights are given down the structure (regulation 3, 4.3, App.2 3)."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """A working position's role. Only roles that some policy uses are listed."""

    REGION_ADMIN = "region_admin"
    MUNICIPALITY_OPERATOR = "municipality_operator"
    ORGANIZATION_ADMIN = "organization_admin"
    TEACHER = "teacher"
    GUARDIAN = "guardian"
    PORTAL = "portal"


class UnitKind(StrEnum):
    """Level of the structure a position stands on."""

    REGION = "region"
    MUNICIPALITY = "municipality"
    ORGANIZATION = "organization"
    PERSON = "person"


UNIT_OF_ROLE: dict[Role, UnitKind] = {
    Role.REGION_ADMIN: UnitKind.REGION,
    Role.MUNICIPALITY_OPERATOR: UnitKind.MUNICIPALITY,
    Role.ORGANIZATION_ADMIN: UnitKind.ORGANIZATION,
    Role.TEACHER: UnitKind.ORGANIZATION,
    Role.GUARDIAN: UnitKind.PERSON,
    Role.PORTAL: UnitKind.REGION,
}
"""The level each role belongs to."""

MAY_GRANT: dict[Role, frozenset[Role]] = {
    Role.REGION_ADMIN: frozenset(
        {Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR, Role.ORGANIZATION_ADMIN, Role.GUARDIAN}
    ),
    Role.MUNICIPALITY_OPERATOR: frozenset({Role.ORGANIZATION_ADMIN, Role.GUARDIAN}),
    Role.ORGANIZATION_ADMIN: frozenset({Role.TEACHER, Role.GUARDIAN}),
    Role.TEACHER: frozenset(),
    Role.GUARDIAN: frozenset(),
    Role.PORTAL: frozenset(),
}
"""What a role may grant, declared apart from what it may do (regulation 3.1–3.4)."""

MAY_END: dict[Role, frozenset[Role]] = {
    Role.REGION_ADMIN: frozenset(Role) - {Role.PORTAL},
    Role.MUNICIPALITY_OPERATOR: frozenset({Role.ORGANIZATION_ADMIN, Role.TEACHER, Role.GUARDIAN}),
    Role.ORGANIZATION_ADMIN: frozenset({Role.TEACHER, Role.GUARDIAN}),
    Role.TEACHER: frozenset(),
    Role.GUARDIAN: frozenset(),
    Role.PORTAL: frozenset(),
}
"""What a role may take away: what it may grant, and what those may whom it appoints. Rights must not outlive their giver."""


class Unit(BaseModel):
    """Where a position stands. ``municipality`` is ОКТМО, 8 digits, and is named for an organization too."""

    model_config = ConfigDict(frozen=True)

    kind: UnitKind
    municipality: str | None = None
    organization_id: UUID | None = None
