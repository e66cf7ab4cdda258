"""Who may do what with portfolios."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

OWN = policy(
    "portfolios.own",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    Role.GUARDIAN,
    Role.STUDENT,
    title="Личное портфолио",
)
READ = policy(
    "portfolios.read", *OFFICE, Role.TEACHER, Role.GUARDIAN, Role.STUDENT, title="Портфолио обучающихся и работников"
)
OF_CHILD = policy("portfolios.of-child", Role.GUARDIAN, Role.STUDENT, title="Ведение портфолио обучающегося")
