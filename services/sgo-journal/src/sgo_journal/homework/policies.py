"""Who gives homework, who hands it in, who sees both."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

GIVE = policy(
    "homework.give",
    *(Role.ORGANIZATION_ADMIN, Role.COORDINATOR, Role.TEACHER),
    title="Домашние задания своих уроков, ответы на сданные работы",
)
READ_GIVEN = policy(
    "homework.read-given",
    *OFFICE,
    Role.TEACHER,
    title="Просмотр заданий уроков и сданных работ: учителю — своих журналов, классному руководителю — кто сдал",
)
READ = policy(
    "homework.read",
    *OFFICE,
    Role.TEACHER,
    Role.GUARDIAN,
    Role.STUDENT,
    title="Просмотр домашних заданий и незакрытых долгов: семье — своего ребёнка, классному руководителю — учеников класса",
)
HAND_IN = policy("homework.hand-in", Role.GUARDIAN, Role.STUDENT, title="Сдача домашних работ: своих, своего ребёнка")
