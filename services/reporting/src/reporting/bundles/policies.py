"""Who takes out many reports at once."""

from asu_contracts.access import Role
from servicekit.policies import policy

BUNDLES_ORDER = policy(
    "bundles.order",
    *(Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, Role.MINISTRY_OFFICER),
    title="Выгрузка отчётов всех организаций территории одним архивом",
)
