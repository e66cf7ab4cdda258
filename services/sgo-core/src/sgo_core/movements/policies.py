"""Who may do what with the movement and the contingent."""

from asu_contracts.access import Role
from servicekit.policies import policy

_ABOVE = (Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR)

READ_STUDENTS = policy(
    "students.list", *_ABOVE, Role.ORGANIZATION_ADMIN, Role.TEACHER, title="Список обучающихся организации"
)
READ_MOVEMENTS = policy("movements.read", *_ABOVE, Role.ORGANIZATION_ADMIN, title="Книга движения")
RECORD = policy("movements.record", *_ABOVE, Role.ORGANIZATION_ADMIN, title="Проведение движения по приказу")
COUNT = policy("contingent.read", *_ABOVE, Role.ORGANIZATION_ADMIN, Role.TEACHER, title="Численность обучающихся")
