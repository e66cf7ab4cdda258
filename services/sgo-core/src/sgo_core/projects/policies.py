"""Who may do what with projects."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("projects.read", *BODIES, *OFFICE, Role.TEACHER, title="Портфолио проектов и тем")
WRITE = policy("projects.write", *OFFICE, Role.TEACHER, title="Ведение проектов и тем")
OF_STUDENT = policy(
    "projects.of-student",
    *OFFICE,
    Role.TEACHER,
    Role.GUARDIAN,
    Role.STUDENT,
    title="Проекты обучающегося",
)
