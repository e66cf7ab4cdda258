"""Who registers machine clients."""

from asu_contracts.access import Role
from servicekit.policies import policy

REGISTER = policy("auth.clients.register", Role.REGION_ADMIN, title="Регистрация клиентов (регионального портала)")
