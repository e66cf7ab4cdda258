"""Who may do what with shifts and lesson times."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("bells.read", *BODIES, *OFFICE, Role.TEACHER, title="Смены и расписание звонков")
EDIT = policy(
    "bells.edit", Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, title="Ведение смен и расписания звонков"
)
