"""What anyone signed in may do with one's own session and password."""

from asu_contracts.access import Role
from servicekit.policies import policy

OWN_SESSION = policy(
    "auth.own-session",
    *(role for role in Role if role is not Role.PORTAL),
    title="Выход из системы и смена своего пароля",
)
