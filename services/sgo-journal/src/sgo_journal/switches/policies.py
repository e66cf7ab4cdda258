"""Who switches lessons in bulk."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

SWITCH = policy(
    "switches.make",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Карантин, актированные дни, дистанционный режим: переключение уроков и его отмена",
)
READ = policy("switches.read", *OFFICE, Role.TEACHER, title="Просмотр карантинов и дистанционного режима")
