"""Who notes the attendance of preschool groups and who sees it."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

RECORD = policy(
    "daycare.record",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.TEACHER),
    title="Посещаемость групп детского сада: воспитателю — своих групп",
)
READ = policy("daycare.read", *OFFICE, Role.TEACHER, title="Табель группы детского сада: воспитателю — своей группы")
MANAGE = policy(
    "daycare.manage",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Закрытие месяца табеля и групп детского сада на карантин или ремонт",
)
COUNT = policy("daycare.count", *BODIES, *OFFICE, title="Дни посещения детского сада: только числа")
FAMILY = policy("daycare.family", Role.GUARDIAN, title="Посещаемость своего ребёнка в детском саду")
