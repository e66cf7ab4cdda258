"""Who may do what with settings."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy
from sgo_core.organizations.scopes import KEEPERS

READ = policy("settings.read", *BODIES, *OFFICE, Role.TEACHER, title="Настройки региона и организации")
EDIT = policy("settings.edit", *KEEPERS, title="Изменение настроек: региона или своей организации")
