"""Who may do what with organizations."""

from asu_contracts.access import Role
from servicekit.policies import EVERYONE, policy

READ_MUNICIPALITIES = policy("municipalities.read", *EVERYONE, title="Справочник муниципальных образований")
READ = policy(
    "organizations.read",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    Role.TEACHER,
    title="Просмотр карточки организации",
)
REGISTER = policy(
    "organizations.register", Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR, title="Регистрация организаций"
)
EDIT = policy(
    "organizations.edit",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    title="Изменение карточки организации",
)
MAY_CLOSE = REGISTER.roles
"""Who opens an organization also closes it; its own administrator does neither."""
