"""Who allocates."""

from asu_contracts.access import Role
from servicekit.policies import policy

RUN = policy("allocation.run", Role.MUNICIPALITY_OPERATOR, title="Запускать распределение мест")
READ = policy("allocation.read", Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, title="Видеть результаты распределения")
