"""Who plays in the sandbox."""

from asu_contracts.access import Role
from servicekit.policies import policy

PLAY = policy(
    "sandbox.play", Role.PORTAL, title="В песочнице: открывать тестовые кампании и вести по ним свои заявления"
)
