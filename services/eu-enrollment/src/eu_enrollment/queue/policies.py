"""Who forecasts."""

from asu_contracts.access import Role
from servicekit.policies import policy

FORECAST = policy("queue.forecast", Role.MUNICIPALITY_OPERATOR, title="Рассчитывать прогноз по очереди кампании")
