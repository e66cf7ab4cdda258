"""Who may do what with people's cards."""

from asu_contracts.access import Role
from servicekit.policies import policy

_STAFF = (Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR, Role.ORGANIZATION_ADMIN)

READ_CARD = policy("students.card.read", *_STAFF, title="Карточка обучающегося")
EDIT_CARD = policy("students.card.edit", *_STAFF, title="Изменение карточки обучающегося")
