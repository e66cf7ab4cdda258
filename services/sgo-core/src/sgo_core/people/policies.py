"""Who may do what with people's cards."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ_CARD = policy(
    "students.card.read",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    Role.GUARDIAN,
    Role.STUDENT,
    title="Карточка обучающегося (педагогу — что показывает каталог, своему классному руководителю — шире)",
)
READ_GUARDIAN = policy("guardians.card.read", *BODIES, *OFFICE, Role.GUARDIAN, title="Карточка законного представителя")
EDIT_CARD = policy("students.card.edit", *OFFICE, title="Изменение карточки обучающегося")
