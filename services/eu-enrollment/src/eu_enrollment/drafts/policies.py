"""Who keeps drafts: each sees its own alone."""

from asu_contracts.access import Role
from servicekit.policies import policy

KEEP = policy(
    "drafts.keep",
    Role.PORTAL,
    Role.MUNICIPALITY_OPERATOR,
    title="Готовить и отправлять черновики заявлений (только свои)",
)
