"""Who sees a diary."""

from asu_contracts.access import Role
from servicekit.policies import policy

READ = policy(
    "diary.read",
    *(Role.GUARDIAN, Role.STUDENT, Role.ORGANIZATION_ADMIN, Role.TEACHER),
    title="Просмотр дневника ученика: ученику — своего, родителю — своего ребёнка",
)
FOLLOW = policy("diary.follow", Role.GUARDIAN, Role.STUDENT, title="Новое в дневнике с прошлого посещения")
ACKNOWLEDGE = policy("diary.acknowledge", Role.GUARDIAN, title="Отметка «дневник просмотрен» за неделю")
