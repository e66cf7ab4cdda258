"""Who sees who works in the system: the regulation (App. 2, 4.5) has the coordinator watch it."""

from asu_contracts.access import Role
from servicekit.policies import policy

WORKERS_READ = policy(
    "auth.visits.workers.read",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Кто из работников организации работает в системе",
)
