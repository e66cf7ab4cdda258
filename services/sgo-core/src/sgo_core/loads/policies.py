"""Who may do what with the teaching load."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("loads.read", *BODIES, *OFFICE, Role.TEACHER, title="Учебная нагрузка: классы, предметы, учителя")
KEEP = policy(
    "loads.keep",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Распределение учебной нагрузки, замена учителя",
)
TARIFF = policy("loads.tariff", *OFFICE, title="Тарификационный список")
