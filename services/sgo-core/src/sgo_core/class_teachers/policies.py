"""Who may do what with class teachers."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("class-teachers.read", *BODIES, *OFFICE, Role.TEACHER, title="Классные руководители и воспитатели групп")
APPOINT = policy("class-teachers.appoint", *OFFICE, title="Назначение классных руководителей и воспитателей")
