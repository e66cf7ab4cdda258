"""Who sees scales and who makes them."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy("scales.read", *OFFICE, Role.TEACHER, title="Просмотр шкал отметок")
EDIT = policy(
    "scales.edit",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Свои шкалы отметок организации",
)
