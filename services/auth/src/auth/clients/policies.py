"""Who registers and ends machine clients."""

from asu_contracts.access import Role
from servicekit.policies import policy

MANAGE = policy(
    "auth.clients",
    Role.REGION_ADMIN,
    title="Регистрация и отключение клиентов (регионального портала), смена их ключей",
)
