"""Who attaches outside signatures to orders, and who sees them."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

READ = policy("orders.signatures.read", *BODIES, *OFFICE, title="Внешние электронные подписи под приказами")
ATTACH = policy("orders.signatures.attach", Role.HEAD, title="Приложение внешней электронной подписи к приказу")
