"""Who may do what with governing bodies."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("governing-bodies.read", *BODIES, *OFFICE, Role.TEACHER, title="Органы управления образованием")
REGISTER = policy("governing-bodies.register", Role.REGION_ADMIN, title="Ведение перечня органов управления")
EDIT = policy("governing-bodies.edit", *BODIES, title="Настройка кабинета органа управления")
