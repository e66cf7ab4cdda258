"""Who may do what with the movement and the contingent."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ_STUDENTS = policy("students.list", *BODIES, *OFFICE, Role.TEACHER, title="Список обучающихся организации")
READ_MOVEMENTS = policy("movements.read", *BODIES, *OFFICE, title="Книга движения")
RECORD = policy(
    "movements.record",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    *OFFICE,
    title="Проведение движения по приказу",
)
COUNT = policy("contingent.read", *BODIES, *OFFICE, Role.TEACHER, title="Численность обучающихся")
