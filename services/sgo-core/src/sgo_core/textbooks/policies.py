"""Who may do what with textbooks."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("textbooks.read", *BODIES, *OFFICE, Role.TEACHER, title="Учебники организации и обеспеченность ими")
KEEP = policy("textbooks.keep", *OFFICE, title="Учёт учебников: экземпляры, классы")
