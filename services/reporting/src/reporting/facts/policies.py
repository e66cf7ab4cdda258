"""Who may see counts."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

CONTINGENT_READ = policy(
    "contingent.read",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    title="Численность контингента на дату",
)
APPLICATIONS_READ = policy(
    "applications.summary.read",
    Role.REGION_ADMIN,
    Role.MINISTRY_OFFICER,
    Role.MUNICIPALITY_OPERATOR,
    title="Сводка по заявлениям",
)
LESSONS_READ = policy(
    "lessons.summary.read",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    title="Сводка по урокам",
)
