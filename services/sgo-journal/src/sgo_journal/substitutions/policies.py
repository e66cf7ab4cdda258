"""Who arranges substitutions, who sees them."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

ARRANGE = policy(
    "substitutions.arrange",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Отсутствия учителей и назначение замен",
)
READ_ABSENCES = policy("absences.read", *OFFICE, title="Просмотр отсутствий учителей с причинами")
READ_DAY = policy("substitutions.read", *OFFICE, Role.TEACHER, title="Замены на день")
READ_HOURS = policy("substitutions.hours", *OFFICE, title="Отчёт о часах замен")
