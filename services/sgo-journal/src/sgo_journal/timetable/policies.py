"""Who plans and who sees timetables."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

PLAN = policy(
    "timetables.plan",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Составление и публикация расписания, переносы, отмены и замены уроков",
)
READ_REASONS = policy(
    "timetables.reasons", *OFFICE, title="Почему уроки перенесены и отменены, почему недоступны учителя и кабинеты"
)
READ = policy("timetables.read", *OFFICE, Role.TEACHER, title="Просмотр расписания своей организации")
