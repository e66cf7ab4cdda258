"""Who closes periods and opens them again, who sees what is left to fill in."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "closings.read",
    *OFFICE,
    Role.TEACHER,
    title="Закрытые периоды и что в журналах не заполнено: учителю — своего класса",
)
CLOSE = policy(
    "closings.close",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Закрытие учебного периода, отмена закрытия, открытие по приказу",
)
