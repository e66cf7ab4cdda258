"""Who forecasts."""

from asu_contracts.access import Role
from servicekit.policies import policy

FORECAST = policy("queue.forecast", Role.MUNICIPALITY_OPERATOR, title="Рассчитывать прогноз по очереди кампании")
CHANCES = policy(
    "queue.chances",
    Role.PORTAL,
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    title="Видеть прогноз для ожидающих места (портал — только для своих)",
)
