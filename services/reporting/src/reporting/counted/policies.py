"""Who reads counted reports; each report may be for fewer."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

COUNTED = policy(
    "counted-reports.read", *BODIES, *OFFICE, title="Статистические отчёты о своей организации и подведомственных"
)
ENROLLMENT = policy(
    "counted-reports.enrollment",
    *(BODIES - {Role.DEPARTMENT_OFFICER}),
    *OFFICE,
    title="Статистические отчёты о приёме: очередь, места, распределение",
)
USE = policy(
    "counted-reports.use",
    *BODIES,
    *(OFFICE - {Role.SECRETARY}),
    title="Статистические отчёты об использовании системы",
)
