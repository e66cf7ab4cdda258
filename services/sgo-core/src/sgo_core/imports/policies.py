"""Who may import class lists."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

IMPORT = policy(
    "class-lists.import",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    *OFFICE,
    title="Загрузка списков классов (групп)",
)
