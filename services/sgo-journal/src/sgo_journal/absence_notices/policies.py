"""Who tells of a student's absence and who is told."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

TELL = policy(
    "absence-notices.tell",
    *OFFICE,
    Role.TEACHER,
    Role.GUARDIAN,
    title="Сообщение об отсутствии ребёнка: родителю — своего, классному руководителю и воспитателю — своего класса (группы)",
)
ACCEPT = policy(
    "absence-notices.accept",
    *OFFICE,
    Role.TEACHER,
    title="Сообщения об отсутствии и отсутствующие без сообщения: учителю — своего класса (группы)",
)
READ_REASONS = policy(
    "absence-notices.reasons", *OFFICE, Role.TEACHER, Role.GUARDIAN, title="Причины отсутствия для сообщения"
)
SUGGEST = policy(
    "absence-notices.suggest", *OFFICE, Role.TEACHER, title="О чьём отсутствии сообщили: учителю — в своих журналах"
)
READ_ALL = policy("absence-notices.read-all", *OFFICE, title="О чьём отсутствии сообщили: вся организация")
