"""Who may read counts and lists of students."""

from asu_contracts.access import BODIES, OFFICE
from servicekit.policies import policy

COUNT = policy("contingent.consolidated", *BODIES, *OFFICE, title="Сводная численность и её динамика")
READ_LEAVERS = policy("leavers.read", *BODIES, *OFFICE, title="Выпускники и выбывшие")
