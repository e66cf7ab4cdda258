"""Who reads what was brought, who enters it from paper, who says which course it is of."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "brought-marks.read",
    *(*OFFICE, Role.TEACHER, Role.GUARDIAN, Role.STUDENT),
    title="Отметки, принесённые из другой школы: семье — своего ребёнка, учителю — своего класса",
)
WRITE = policy(
    "brought-marks.write",
    *(*OFFICE, Role.TEACHER),
    title="Ведомости отметок учеников из-за пределов региона: ввод и исправление; учителю — учеников своего класса",
)
ASSIGN = policy(
    "brought-marks.assign",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.TEACHER),
    title="Отнесение принесённых отметок к предмету журнала: учителю — ещё не отнесённых, к журналам, которые он сейчас заполняет",
)
