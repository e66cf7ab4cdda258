"""Who may do what with calendars."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy
from sgo_core.organizations.scopes import KEEPERS

READ = policy(
    "calendar.read", *BODIES, *OFFICE, Role.TEACHER, title="Учебный календарь: периоды, каникулы, учебные дни"
)
EDIT = policy("calendar.edit", *KEEPERS, title="Ведение учебного календаря: региона или своей организации")
