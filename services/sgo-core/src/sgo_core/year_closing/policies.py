"""Who closes an academic year: the office prepares, coordinator and administrator confirm together (App.2 3.1.1, 3.1.2)."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("years.read", *BODIES, *OFFICE, title="Завершение учебного года: состояние и итоги")
PREPARE = policy("years.prepare", Role.COORDINATOR, title="Подготовка завершения учебного года")
CONFIRM = policy(
    "years.confirm", Role.COORDINATOR, Role.ORGANIZATION_ADMIN, title="Подтверждение завершения учебного года"
)
OPEN = policy("years.open", Role.ORGANIZATION_ADMIN, title="Открытие следующего учебного года")
READ_RESULTS = policy("year-results.read", *BODIES, *OFFICE, Role.TEACHER, title="Итоговые отметки за год")
ENTER_RESULTS = policy("year-results.enter", *OFFICE, title="Внесение итоговых отметок за год")
