"""Who takes data out; what of it each sees, the catalogue says."""

from asu_contracts.access import BODIES, OFFICE
from servicekit.policies import policy

EXPORT = policy(
    "exports.order", *BODIES, *OFFICE, title="Выгрузка таблиц: своя организация, подведомственные организации"
)
DECIDE = policy(
    "exports.decide", *BODIES, *OFFICE, title="Подтверждение большой выгрузки, заказанной другим работником"
)
