"""Who reads and records academic debts."""

from asu_contracts.access import BODIES, OFFICE
from servicekit.policies import policy

READ = policy("debts.read", *BODIES, *OFFICE, title="Академические задолженности")
KEEP = policy("debts.keep", *OFFICE, title="Ликвидация академической задолженности")
