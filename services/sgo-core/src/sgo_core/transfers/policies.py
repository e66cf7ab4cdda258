"""Who may do what with transfers."""

from asu_contracts.access import BODIES, OFFICE
from servicekit.policies import policy

READ = policy("transfers.read", *BODIES, *OFFICE, title="Переводы между организациями")
CARRY = policy("transfers.carry", *OFFICE, title="Шаги перевода между организациями")
