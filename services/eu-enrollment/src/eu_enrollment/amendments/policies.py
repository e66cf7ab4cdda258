"""Who puts right what applications say of their children."""

from asu_contracts.access import Role
from servicekit.policies import policy

CORRECT = policy(
    "applications.correct",
    Role.MUNICIPALITY_OPERATOR,
    title="Исправлять ошибки в сведениях о ребёнке по документу и видеть исправленное",
)
