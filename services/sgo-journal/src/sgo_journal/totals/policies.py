"""Who sees and who writes totals."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "totals.read", *OFFICE, Role.TEACHER, title="Просмотр итоговых отметок: учителю — своих журналов и своего класса"
)
WRITE = policy(
    "totals.write", Role.ORGANIZATION_ADMIN, Role.COORDINATOR, Role.TEACHER, title="Выставление итоговых отметок"
)
