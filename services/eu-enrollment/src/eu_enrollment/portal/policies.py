"""Who follows applications as a sender of them does."""

from asu_contracts.access import Role
from servicekit.policies import policy

FOLLOW = policy("portal.follow", Role.PORTAL, title="Читать ленту изменений своих заявлений")
