"""Who subscribes to notices."""

from asu_contracts.access import Role
from servicekit.policies import policy

SUBSCRIBE = policy(
    "webhooks.subscribe", Role.PORTAL, title="Подписываться на уведомления об изменениях своих заявлений"
)
