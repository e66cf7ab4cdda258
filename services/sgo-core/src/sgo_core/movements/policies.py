"""Who may do what with the movement and the contingent."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ_STUDENTS = policy("students.list", *BODIES, *OFFICE, Role.TEACHER, title="Список обучающихся организации")
READ_MOVEMENTS = policy("movements.read", *BODIES, *OFFICE, title="Книга движения")
DRAFT = policy("orders.draft", *OFFICE, title="Проекты приказов о движении")
CHECK = policy("orders.check", Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.HEAD, title="Проверка проектов приказов")
SIGN = policy("orders.sign", Role.HEAD, title="Подпись приказов о движении")
COUNT = policy("contingent.read", *BODIES, *OFFICE, Role.TEACHER, title="Численность обучающихся")
