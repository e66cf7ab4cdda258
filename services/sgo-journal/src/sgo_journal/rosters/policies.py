"""Who sees rosters and counts."""

from asu_contracts.access import Role
from servicekit.policies import policy

READ_ROSTERS = policy(
    "rosters.read", Role.ORGANIZATION_ADMIN, Role.TEACHER, title="Просмотр списков классов и групп своей организации"
)
READ_CONTINGENT = policy(
    "contingent.read",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    Role.TEACHER,
    title="Просмотр численности обучающихся",
)
READ_CHILDREN = policy("children.read", Role.GUARDIAN, title="Список своих детей")
