"""Who reads and writes cells is decided with the lessons and the journals they stand in."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ_CODES = policy("attendance-codes.read", *OFFICE, Role.TEACHER, title="Просмотр кодов посещаемости")
