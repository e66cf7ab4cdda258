"""Who sees whose debts; a family reads those of the child with homework (``homework``)."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "debts.read",
    *(*OFFICE, Role.TEACHER),
    title="Незакрытые долги («точки»): учителю — в своих журналах и журналах своего класса",
)
