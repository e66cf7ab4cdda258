"""Who reads the catalogue of reports."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

CATALOGUE_READ = policy("catalogue.read", *BODIES, *OFFICE, Role.TEACHER, title="Перечень отчётов всех подсистем")
