"""Who gives and ends positions. What a role may give is ``asu_contracts.access.MAY_GRANT``."""

from asu_contracts.access import MAY_GRANT, Role
from servicekit.policies import policy

APPOINT = policy(
    "auth.appoint",
    *(role for role in Role if MAY_GRANT[role]),
    title="Выдача и прекращение прав, выдача паролей",
)
