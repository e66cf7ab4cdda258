"""Who may do what with forms of study."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "study-forms.read",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    Role.GUARDIAN,
    Role.STUDENT,
    title="Формы обучения обучающегося",
)
LIST = policy("study-forms.list", *BODIES, *OFFICE, Role.TEACHER, title="Формы обучения в организации на дату")
KEEP = policy("study-forms.keep", *OFFICE, title="Ведение форм обучения")
