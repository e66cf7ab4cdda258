"""Who may build, read and export forms."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

_BUILDERS = BODIES | OFFICE

REPORTS_BUILD = policy("reports.build", *_BUILDERS, title="Построение форм")
REPORTS_READ = policy("reports.read", *_BUILDERS, title="Просмотр построенных форм")
REPORTS_EXPORT = policy("reports.export", *_BUILDERS, title="Выгрузка построенных форм")
REPORTS_OPEN = policy("reports.open", *_BUILDERS, title="Состав ячеек построенных форм")
REPORTS_CORRECT = policy(
    "reports.correct",
    *OFFICE,
    *(Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, Role.MINISTRY_OFFICER),
    title="Ручной ввод и исправление ячеек форм своей организации, территории, региона",
)
