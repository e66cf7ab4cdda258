"""Who attaches outside signatures, and who sees them."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

SIGNATURES_READ = policy("signatures.read", *BODIES, *OFFICE, title="Электронные подписи под отчётами")
SIGNATURES_ATTACH = policy(
    "signatures.attach",
    *OFFICE,
    *(Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, Role.MINISTRY_OFFICER),
    title="Приложение внешней электронной подписи к отчёту своей организации, территории, региона",
)
