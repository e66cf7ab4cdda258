"""Who sees rosters and counts."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ_ROSTERS = policy(
    "rosters.read", Role.ORGANIZATION_ADMIN, Role.TEACHER, title="Просмотр списков классов и групп своей организации"
)
READ_CONTINGENT = policy(
    "contingent.read",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    title="Просмотр численности обучающихся",
)
READ_CHILDREN = policy("children.read", Role.GUARDIAN, title="Список своих детей")
