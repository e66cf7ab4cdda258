"""Who may do what with buildings."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("buildings.read", *BODIES, *OFFICE, Role.TEACHER, title="Здания организации")
EDIT = policy(
    "buildings.edit", Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR, *OFFICE, title="Ведение зданий организации"
)
