"""Who checks applications."""

from asu_contracts.access import Role
from servicekit.policies import policy

LIST = policy(
    "verifications.list", Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, title="Видеть проверки заявлений и их сроки"
)
DECIDE = policy(
    "verifications.decide", Role.MUNICIPALITY_OPERATOR, title="Проверять заявленное в заявлениях, запрашивать документы"
)
