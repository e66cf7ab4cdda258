"""Who may do what with the norms of the curriculum."""

from asu_contracts.access import Role
from servicekit.policies import EVERYONE, policy

READ = policy("study-norms.read", *EVERYONE, title="Нормы учебного плана: предельная нагрузка, обязательные предметы")
KEEP = policy("study-norms.keep", Role.REGION_ADMIN, title="Ведение норм учебного плана региона")
