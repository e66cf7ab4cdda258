"""Who may do what with curricula (App.2 3.1.1: the coordinator enters and corrects them)."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("curricula.read", *BODIES, *OFFICE, Role.TEACHER, title="Просмотр учебных планов")
KEEP = policy(
    "curricula.keep",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Составление учебных планов: проекты, новые редакции, перенос на следующий год",
)
APPROVE = policy("curricula.approve", Role.HEAD, Role.COORDINATOR, title="Утверждение учебных планов")
