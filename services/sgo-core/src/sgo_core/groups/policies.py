"""Who may do what with classes and groups."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "groups.read",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    title="Просмотр классов и групп",
)
MANAGE = policy(
    "groups.manage",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    *OFFICE,
    title="Ведение классов и групп",
)
