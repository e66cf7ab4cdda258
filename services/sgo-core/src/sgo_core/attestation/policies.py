"""Who may do what with methodical works and attestation."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ_WORKS = policy("methodical-works.read", *BODIES, *OFFICE, Role.TEACHER, title="Методические работы работников")
WRITE_WORKS = policy("methodical-works.write", *OFFICE, Role.TEACHER, title="Ведение методических работ")
READ = policy("attestation.read", *BODIES, *OFFICE, title="Данные начала аттестации педагогических кадров")
READ_OWN = policy("attestation.read-worker", *BODIES, *OFFICE, Role.TEACHER, title="Аттестация работника")
WRITE = policy("attestation.write", *OFFICE, title="Ведение аттестации педагогических работников")
