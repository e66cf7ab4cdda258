"""Who may look for people."""

from asu_contracts.access import BODIES, OFFICE
from servicekit.policies import policy

FIND_STUDENTS = policy("students.find", *OFFICE, title="Поиск обучающегося в регионе")
READ_DUPLICATES = policy("students.duplicates", *BODIES, *OFFICE, title="Возможные двойники обучающихся")
