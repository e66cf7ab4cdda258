"""Who may do what with classes and groups."""

from asu_contracts.access import Role
from servicekit.policies import policy

READ = policy(
    "groups.read",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    Role.TEACHER,
    title="Просмотр классов и групп",
)
MANAGE = policy(
    "groups.manage",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    Role.ORGANIZATION_ADMIN,
    title="Ведение классов и групп",
)
