"""Who sees how a student is doing over a year."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "report-cards.read",
    *(*OFFICE, Role.TEACHER, Role.GUARDIAN, Role.STUDENT),
    title="Табель успеваемости и средние баллы ученика: учителю — своего класса, семье — своего ребёнка",
)
