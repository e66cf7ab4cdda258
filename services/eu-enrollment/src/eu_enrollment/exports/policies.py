"""Who orders lists as files."""

from asu_contracts.access import Role
from eu_enrollment.roles import RECEIVING
from servicekit.policies import policy

EXPORT = policy(
    "exports.order",
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    *RECEIVING,
    title="Выгружать и печатать списки (организация — тех, кому у неё дано место, и свои места)",
)
