"""Who acts on many applications at once: each action asks for its own right besides."""

from asu_contracts.access import Role
from eu_enrollment.roles import ADMITTING
from servicekit.policies import policy

ACT = policy(
    "bulk.act",
    Role.MUNICIPALITY_OPERATOR,
    *ADMITTING,
    title="Выполнять действие над многими заявлениями (каждое — по своему праву)",
)
