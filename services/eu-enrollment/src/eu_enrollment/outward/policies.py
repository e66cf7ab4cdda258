"""Who sends an exchange again."""

from asu_contracts.access import Role
from servicekit.policies import policy

RESEND = policy("outward.resend", Role.REGION_ADMIN, title="Повторно отправить порталу уведомления передачи")
