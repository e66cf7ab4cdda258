"""Who gives and ends positions. What a role may give and end: ``asu_contracts.access``."""

from asu_contracts.access import MAY_GRANT, Role
from servicekit.policies import policy

APPOINT = policy(
    "auth.appoint",
    *(role for role in Role if MAY_GRANT[role]),
    title="Выдача и прекращение прав, выдача паролей",
)
