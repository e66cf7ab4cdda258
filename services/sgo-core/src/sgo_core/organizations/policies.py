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
FROM_ABOVE = REGISTER.roles
"""Who registers an organization also closes it and changes what the register knows it by; its own office does not."""
