"""Who may do what with individual plans of students."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "individual-plans.read", *OFFICE, Role.TEACHER, title="Индивидуальные учебные планы обучающихся организации"
)
READ_OWN = policy(
    "individual-plans.read-own",
    *READ.roles,
    Role.GUARDIAN,
    Role.STUDENT,
    title="Индивидуальные учебные планы обучающегося",
)
KEEP = policy(
    "individual-plans.keep",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Составление индивидуальных учебных планов",
)
APPROVE = policy(
    "individual-plans.approve", Role.HEAD, Role.COORDINATOR, title="Утверждение индивидуальных учебных планов"
)
