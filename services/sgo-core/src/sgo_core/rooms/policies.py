"""Who may do what with rooms."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("rooms.read", *BODIES, *OFFICE, Role.TEACHER, title="Помещения организации")
EDIT = policy("rooms.edit", Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, title="Ведение помещений")
