"""Who may do what with reference books."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy
from sgo_core.organizations.scopes import KEEPERS

READ = policy("reference-books.read", *BODIES, *OFFICE, Role.TEACHER, title="Справочники региона и организации")
EDIT = policy("reference-books.edit", *KEEPERS, title="Ведение справочников: региональных или своей организации")
