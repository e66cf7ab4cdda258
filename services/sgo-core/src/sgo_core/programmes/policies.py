"""Who may do what with programmes of additional education."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("programmes.read", *BODIES, *OFFICE, Role.TEACHER, title="Просмотр программ дополнительного образования")
MANAGE = policy("programmes.manage", *OFFICE, title="Ведение программ дополнительного образования")
