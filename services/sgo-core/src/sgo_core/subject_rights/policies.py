"""Who may do what with the subject's rights."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

MINE = policy("me.read", Role.GUARDIAN, Role.STUDENT, Role.TEACHER, title="Свои карточки и карточки своих детей")
EXTRACT = policy(
    "extracts.read", *OFFICE, Role.GUARDIAN, Role.STUDENT, Role.TEACHER, title="Выписка о хранимых персональных данных"
)
ASK = policy(
    "subject-requests.ask",
    *OFFICE,
    Role.GUARDIAN,
    Role.STUDENT,
    Role.TEACHER,
    title="Обращение субъекта персональных данных",
)
READ = policy("subject-requests.read", *OFFICE, title="Обращения субъектов персональных данных")
ANSWER = policy("subject-requests.answer", *OFFICE, title="Ответ на обращение субъекта")
