"""Who plans class events and who sees them."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

PLAN = policy(
    "class-events.plan",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.TEACHER),
    title="Мероприятия классов и групп: учителю — своего класса",
)
READ = policy("class-events.read", *OFFICE, Role.TEACHER, title="Просмотр мероприятий классов и групп")
