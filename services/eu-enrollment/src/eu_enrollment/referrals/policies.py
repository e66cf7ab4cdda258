"""Who sees and answers referrals."""

from asu_contracts.access import Role
from servicekit.policies import policy

LIST = policy("referrals.list", Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, title="Видеть направления кампании")
