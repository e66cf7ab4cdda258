"""Who may import class lists."""

from asu_contracts.access import Role
from servicekit.policies import policy

IMPORT = policy(
    "class-lists.import",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    title="Загрузка списков классов (групп)",
)
