"""Who may do what with people's cards."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ_CARD = policy("students.card.read", *BODIES, *OFFICE, title="Карточка обучающегося")
EDIT_CARD = policy(
    "students.card.edit",
    Role.REGION_ADMIN,
    Role.MUNICIPALITY_OPERATOR,
    *OFFICE,
    title="Изменение карточки обучающегося",
)
