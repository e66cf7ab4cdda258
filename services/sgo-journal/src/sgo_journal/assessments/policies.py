"""Who plans assessments and who sees the schedule."""

from asu_contracts.access import FAMILY, OFFICE, Role
from servicekit.policies import policy

_PLANNERS = (Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN)

PLAN = policy(
    "assessments.plan", *_PLANNERS, Role.TEACHER, title="Назначение контрольных работ: учителю — на своих уроках"
)
PUBLISH = policy("assessments.publish", *_PLANNERS, title="Публикация графика контрольных работ и их пределы")
READ = policy("assessments.read", *OFFICE, Role.TEACHER, title="Просмотр графика контрольных работ")
READ_OWN = policy(
    "assessments.read-own", *FAMILY, title="График контрольных работ, опубликованный для семей: свой, своего ребёнка"
)
