"""Who works the lists."""

from asu_contracts.access import Role
from eu_enrollment.roles import RECEIVING
from servicekit.policies import policy

READ = policy(
    "worklists.read",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    *RECEIVING,
    title="Видеть рабочие очереди и реестр заявлений (организация — тех, кому у неё дано место)",
)
SEARCH = policy(
    "worklists.search",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    title="Искать заявления по СНИЛС или документу ребёнка",
)
DEMAND = policy(
    "worklists.demand",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    *RECEIVING,
    title="Видеть спрос на места организации числами (организация — свой)",
)
