"""Who may do what with subgroups and groups across classes."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("subgroups.read", *BODIES, *OFFICE, Role.TEACHER, title="Подгруппы класса и группы из нескольких классов")
DIVIDE = policy(
    "subgroups.divide", *OFFICE, Role.TEACHER, title="Деление класса на подгруппы (педагогу — своего класса)"
)
MANAGE = policy(
    "teaching-groups.manage", *OFFICE, title="Группы из нескольких классов: ИУП, продлённого дня, внеурочные"
)
