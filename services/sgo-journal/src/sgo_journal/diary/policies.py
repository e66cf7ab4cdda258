"""Who sees a diary."""

from asu_contracts.access import Role
from servicekit.policies import policy

READ = policy("diary.read", Role.GUARDIAN, Role.ORGANIZATION_ADMIN, Role.TEACHER, title="Просмотр дневника ученика")
