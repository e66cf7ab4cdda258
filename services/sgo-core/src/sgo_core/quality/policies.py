"""Who may do what with the quality of data."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import EVERYONE, policy

READ_RULES = policy("quality.rules", *EVERYONE, title="Правила проверки сведений")
READ = policy("quality.read", *BODIES, *OFFICE, title="Полнота и достоверность сведений")
READ_CLASS = policy("quality.read-class", *BODIES, *OFFICE, Role.TEACHER, title="Полнота карточек класса")
MEASURE = policy("quality.measure", *BODIES, *OFFICE, title="Пересчёт полноты сведений")
EXPLAIN = policy("quality.explain", *OFFICE, title="Пояснения к замечаниям")
APPOINT = policy("quality.appoint", Role.HEAD, Role.COORDINATOR, title="Ответственные за полноту сведений")
CONFIRM = policy("quality.confirm", Role.HEAD, Role.COORDINATOR, title="Подтверждение достоверности сведений")
