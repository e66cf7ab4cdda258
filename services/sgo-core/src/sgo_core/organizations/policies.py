"""Who may do what with organizations."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import EVERYONE, policy

READ_MUNICIPALITIES = policy("municipalities.read", *EVERYONE, title="Справочник муниципальных образований")
READ = policy(
    "organizations.read",
    *BODIES,
    *OFFICE,
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
    *OFFICE,
    title="Изменение карточки организации",
)
MAY_CLOSE = REGISTER.roles
"""Who opens an organization also closes it; its own office does neither."""
