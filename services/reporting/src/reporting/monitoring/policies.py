"""Who reads indicators, answers alerts and has them counted."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

MONITORING_READ = policy("monitoring.read", *BODIES, *OFFICE, title="Показатели качества образования")
MONITORING_TERRITORIES = policy(
    "monitoring.territories",
    *(Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, Role.MINISTRY_OFFICER),
    title="Показатели качества образования муниципальных образований",
)
MONITORING_ANSWER = policy(
    "monitoring.answer",
    *(Role.HEAD, Role.COORDINATOR, Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, Role.MINISTRY_OFFICER),
    title="Ответ на сигнал о показателе своей организации, территории, региона",
)
MONITORING_COUNT = policy(
    "monitoring.count", Role.REGION_ADMIN, Role.MINISTRY_OFFICER, title="Расчёт показателей вне очереди"
)
