"""Who prints papers."""

from asu_contracts.access import Role
from eu_enrollment.roles import RECEIVING
from servicekit.policies import policy

PAPERS = policy(
    "printouts.papers",
    Role.MUNICIPALITY_OPERATOR,
    *RECEIVING,
    title="Печать направлений, уведомлений и расписок (организация — тех, кому у неё дано место)",
)
REFUSALS = policy("printouts.refusals", Role.MUNICIPALITY_OPERATOR, title="Печать уведомлений об отказе")
ORDERS = policy(
    "printouts.orders",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    *RECEIVING,
    title="Печать приказов о зачислении и выписок из них (организация — свои)",
)
