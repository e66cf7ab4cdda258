"""Who may look for people."""

from asu_contracts.access import OFFICE
from servicekit.policies import policy

FIND_STUDENTS = policy("students.find", *OFFICE, title="Поиск обучающегося в регионе")
