"""Who issues admission orders."""

from asu_contracts.access import Role
from servicekit.policies import policy

ISSUE = policy("orders.issue", Role.MUNICIPALITY_OPERATOR, title="Издавать приказы о зачислении")
