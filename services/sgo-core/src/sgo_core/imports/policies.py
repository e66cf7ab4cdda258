"""Who uploads tables; each kind narrows it to those who answer for what it holds."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

IMPORT = policy(
    "imports.run",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    *OFFICE,
    title="Загрузка сведений из таблиц (по видам загрузки)",
)
