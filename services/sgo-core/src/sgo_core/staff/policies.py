"""Who may do what with workers' cards."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import EVERYONE, policy

READ_POSTS = policy("posts.read", *EVERYONE, title="Справочник должностей")
READ = policy("workers.read", *BODIES, *OFFICE, Role.TEACHER, title="Карточки работников")
HIRE = policy("workers.hire", *OFFICE, title="Приём работников организации")
KEEP_OFFICERS = policy("officers.keep", *BODIES, title="Работники органа управления")
KEEP = policy("workers.keep", *BODIES, *OFFICE, title="Ведение карточек работников: своей организации, своего органа")
