"""Who may merge cards: offices, and the bodies that stand above both."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

_ABOVE = (Role.REGION_ADMIN, Role.DEPARTMENT_OFFICER, Role.MUNICIPALITY_OPERATOR)

MERGE = policy("cards.merge", *_ABOVE, *OFFICE, title="Объединение карточек одного человека и его отмена")
READ = policy("cards.merges.read", *_ABOVE, *OFFICE, title="Объединения карточек")
TELL_APART = policy(
    "students.tell-apart", *_ABOVE, *OFFICE, title="Отметка, что похожие карточки ведутся на разных людей"
)
