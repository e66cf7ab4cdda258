"""Who gives guardians their accounts (regulation 3.1.2)."""

from asu_contracts.access import Role
from servicekit.policies import policy

OFFER = policy("auth.offers", Role.ORGANIZATION_ADMIN, title="Выдача учётных записей родителям своей организации")
