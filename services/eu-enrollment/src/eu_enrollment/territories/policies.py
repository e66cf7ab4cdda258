"""Who assigns territories. Reading them is everyone's."""

from asu_contracts.access import Role
from servicekit.policies import policy

ASSIGN = policy(
    "territories.assign",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    title="Закреплять территории за организациями актом муниципалитета",
)
