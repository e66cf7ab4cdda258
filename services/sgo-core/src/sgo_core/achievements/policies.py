"""Who may do what with achievements."""

from asu_contracts.access import BODIES, FAMILY, OFFICE, Role
from servicekit.policies import policy

READ = policy("achievements.read", *BODIES, *OFFICE, *FAMILY, Role.TEACHER, title="Достижения обучающихся и работников")
ENTER = policy("achievements.enter", *OFFICE, *FAMILY, Role.TEACHER, title="Внесение достижений обучающихся")
ENTER_OF_WORKER = policy("achievements.enter-worker", *OFFICE, Role.TEACHER, title="Внесение достижений работников")
DECIDE = policy("achievements.decide", *OFFICE, Role.TEACHER, title="Подтверждение достижений")
COUNT = policy("achievements.count", *BODIES, *OFFICE, Role.TEACHER, title="Достижения организации")
