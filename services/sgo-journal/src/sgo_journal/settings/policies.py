"""Who sees and who changes the settings of journals."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy("journal-settings.read", *OFFICE, Role.TEACHER, title="Просмотр настроек журналов")
EDIT = policy(
    "journal-settings.edit",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Настройки журналов организации",
)
