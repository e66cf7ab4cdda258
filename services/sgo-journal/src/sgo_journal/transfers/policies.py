"""Who reads what was brought."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "brought-marks.read",
    *(*OFFICE, Role.TEACHER, Role.GUARDIAN, Role.STUDENT),
    title="Отметки, принесённые из другой школы: семье — своего ребёнка, учителю — своего класса",
)
