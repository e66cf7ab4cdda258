"""Who may see counts."""

from asu_contracts.access import Role
from servicekit.policies import policy

CONTINGENT_READ = policy(
    "contingent.read",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    Role.TEACHER,
    title="Численность контингента на дату",
)
APPLICATIONS_READ = policy(
    "applications.summary.read",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    title="Сводка по заявлениям",
)
LESSONS_READ = policy(
    "lessons.summary.read",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    Role.TEACHER,
    title="Сводка по урокам",
)
