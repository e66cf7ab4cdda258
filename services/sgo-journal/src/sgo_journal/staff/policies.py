"""Who sees the staff."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ_TEACHERS = policy("teachers.read", *OFFICE, Role.TEACHER, title="Список педагогов своей организации")
