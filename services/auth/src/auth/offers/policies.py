"""Who gives guardians their accounts (regulation 3.1.2)."""

from asu_contracts.access import Role
from servicekit.policies import policy

OFFER = policy(
    "auth.offers",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    title="Выдача и прекращение учётных записей родителей, все дети которых учатся в своих организациях",
)
