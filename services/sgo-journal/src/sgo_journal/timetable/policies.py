"""Who plans and who sees timetables."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

PLAN = policy(
    "timetables.plan",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Составление и публикация расписания, переносы, отмены и замены уроков",
)
READ = policy("timetables.read", *OFFICE, Role.TEACHER, title="Просмотр расписания своей организации")
