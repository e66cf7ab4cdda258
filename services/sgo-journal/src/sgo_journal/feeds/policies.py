"""Who may have a calendar to subscribe to."""

from asu_contracts.access import Role
from servicekit.policies import policy

HAVE = policy(
    "feeds.have",
    *(Role.GUARDIAN, Role.STUDENT, Role.TEACHER),
    title="Подписка на календарь: своих уроков и мероприятий класса, родителю — ребёнка",
)
